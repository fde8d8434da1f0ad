import { useRef, useState } from 'react'
import { useAtp } from '../../api/supply'
import type { AtpAnswer, SupplyPart } from '../../api/types'
import { useKeys } from '../../app/keys'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { groupDigits } from '../../ui/money'
import { Failed } from '../../ui/states'

function Part({ part }: { part: SupplyPart }) {
  const { t } = useWords()
  const quantity = groupDigits(part.quantity)
  return (
    <li>
      {part.source === 'stock'
        ? t('stock.part_stock', { quantity, warehouse: part.warehouse })
        : t(part.work ? 'stock.part_work' : 'stock.part_purchase', {
            quantity,
            number: part.work ?? part.purchase,
            date: part.date,
          })}
    </li>
  )
}

function Answer({ answer }: { answer: AtpAnswer }) {
  const { t } = useWords()
  const backed = answer.state === 'backed'
  const first = answer.earliest_date
  return (
    <div data-testid="trial.answer" data-state={answer.state} role="status">
      <p className={backed ? 'strong ink-green' : 'strong ink-red'}>
        {backed
          ? t('stock.trial_backed', { quantity: groupDigits(answer.quantity) })
          : t('stock.trial_short', {
              available: groupDigits(answer.available),
              short: groupDigits(answer.short),
            })}
      </p>
      <p>{first ? t('stock.trial_earliest', { date: first }) : t('stock.trial_never')}</p>
      <ul className="prose">
        {answer.from.map(part => (
          <Part key={`${part.warehouse} ${part.purchase} ${part.purchase_line}`} part={part} />
        ))}
      </ul>
      {answer.split.length > 1 && (
        <p className="quiet">
          {t('stock.trial_split', {
            parts: answer.split
              .map(part => `${groupDigits(part.quantity)} → ${part.date}`)
              .join(t('list.comma')),
          })}
        </p>
      )}
    </div>
  )
}

/** Asks whether a quantity can be promised for a day, and holds nothing. */
export function Trial({ product }: { product: string }) {
  const { t } = useWords()
  const [quantity, setQuantity] = useState('')
  const [date, setDate] = useState('')
  const form = useRef<HTMLDivElement>(null)
  const asked = /^\d+(\.\d+)?$/.test(quantity.trim()) && Number(quantity) > 0
  const { data, error } = useAtp({ product, quantity: quantity.trim(), ...(date && { date }) }, asked)
  useKeys({ f4: () => form.current?.querySelector('input')?.focus() })
  return (
    <section className="block" data-testid="product.trial">
      <h3>
        {t('stock.trial')} <kbd>F4</kbd>
      </h3>
      <div className="field-row" ref={form}>
        <TextField
          inputMode="decimal"
          label={t('line.quantity')}
          value={quantity}
          onChange={setQuantity}
          id="trial.quantity"
        />
        <TextField type="date" label={t('stock.trial_day')} value={date} onChange={setDate} id="trial.date" />
      </div>
      {error && <Failed id="trial" error={error} />}
      {data && asked && <Answer answer={data} />}
    </section>
  )
}
