import { Input } from 'antd'
import { useEffect, useState } from 'react'
import { amountOf } from './amount'

/** A year that is still being typed begins with a nought. */
const FIRST_DAY = '1000-01-01'

/** An amount; the address holds it once it is typed. */
export function AmountField({
  id,
  label,
  value = '',
  onChange,
}: {
  id: string
  label: string
  value?: string
  onChange: (amount: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const amount = amountOf(typed)
  const apply = () => {
    if (amount !== undefined && amount !== value) onChange(amount || undefined)
  }
  return (
    <Input
      className="filter-amount"
      inputMode="decimal"
      value={typed}
      placeholder={label}
      aria-label={label}
      aria-invalid={amount === undefined || undefined}
      status={amount === undefined ? 'error' : undefined}
      onChange={event => setTyped(event.target.value)}
      onBlur={apply}
      onPressEnter={apply}
      data-testid={id}
    />
  )
}

/** A day; the address holds it once its year is whole. */
export function DayField({
  id,
  label,
  value,
  onChange,
}: {
  id: string
  label: string
  value: string
  onChange: (day: string | undefined) => void
}) {
  // What is typed stays where it is while the address follows it, and so does the focus.
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  return (
    <Input
      type="date"
      className="filter-day"
      value={typed}
      prefix={<span className="quiet">{label}</span>}
      aria-label={label}
      onChange={event => {
        const day = event.target.value
        setTyped(day)
        if (day === '' ? value : day >= FIRST_DAY) onChange(day || undefined)
      }}
      onBlur={() => setTyped(value)}
      data-testid={id}
    />
  )
}
