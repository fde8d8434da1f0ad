import { Input } from 'antd'
import { useEffect, useState } from 'react'

const DECIMAL = /^-?\d+(\.\d+)?$/
const plain = (text: string) => text.replace(/[,\uFF0C\s]/g, '')

/** A decimal as it is typed. Half a number stays here: the document holds whole ones, or none where there need be none. */
export function DecimalInput({
  id,
  label,
  value,
  prefix,
  readOnly,
  optional,
  onChange,
}: {
  id: string
  label: string
  value: string
  prefix?: string
  readOnly: boolean
  optional?: boolean
  onChange: (value: string) => void
}) {
  const [text, setText] = useState(value)
  const ok = DECIMAL.test(plain(text)) || (optional && plain(text) === '')
  useEffect(() => setText(known => (plain(known) === value ? known : value)), [value])
  const type = (next: string) => {
    setText(next)
    if (DECIMAL.test(plain(next)) || (optional && plain(next) === '')) onChange(plain(next))
  }
  return (
    <Input
      aria-label={label}
      aria-invalid={!ok || undefined}
      status={ok ? undefined : 'error'}
      prefix={prefix}
      inputMode="decimal"
      disabled={readOnly}
      value={text}
      onChange={event => type(event.target.value)}
      data-testid={id}
    />
  )
}
