import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'

const WAIT_MS = 300

/** The words a list is searched for; the address holds them once the typing rests. */
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
  const type = (text: string, wait: number) => {
    setQ(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange(text.trim() || undefined), wait)
  }
  return (
    <Input
      allowClear
      className="filter-q"
      value={q}
      placeholder={label}
      aria-label={label}
      onChange={event => type(event.target.value, WAIT_MS)}
      onPressEnter={() => type(q, 0)}
      data-list-search=""
      data-testid={id}
    />
  )
}
