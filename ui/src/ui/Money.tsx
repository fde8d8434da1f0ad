import { groupDigits, moneyWords } from './money'

export function Money({
  value,
  currency,
  strong,
}: {
  value: string | null | undefined
  currency?: string | null
  strong?: boolean
}) {
  if (value === null || value === undefined || value === '') return <span className="quiet">–</span>
  return <span className={strong ? 'num strong' : 'num'}>{moneyWords(value, currency)}</span>
}

export function Quantity({ value, unit }: { value: string | null | undefined; unit?: string | null }) {
  if (!value) return <span className="quiet">–</span>
  return (
    <span className="num">
      {groupDigits(value)}
      {unit ? ` ${unit}` : ''}
    </span>
  )
}
