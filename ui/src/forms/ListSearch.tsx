import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'

const WAIT_MS = 300

/** The words a list is searched for; the address holds them once the typing rests, unless another page was opened
 * meanwhile, which a search that came later would call back. */
export function ListSearch({
  id,
  label,
  value,
  onChange,
}: {
  id: string
  label: string
  value: string | undefined
  onChange: (q: string | undefined) => void
}) {
  const [q, setQ] = useState(value ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setQ(value ?? ''), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string) => {
    setQ(text)
    clearTimeout(timer.current)
    const page = location.pathname
    timer.current = setTimeout(() => location.pathname === page && search(text), WAIT_MS)
  }
  const search = (text: string) => {
    clearTimeout(timer.current)
    onChange(text.trim() || undefined)
  }
  return (
    <Input
      allowClear
      className="filter-q"
      value={q}
      placeholder={label}
      aria-label={label}
      onChange={event => type(event.target.value)}
      onPressEnter={() => search(q)}
      data-list-search=""
      data-testid={id}
    />
  )
}
