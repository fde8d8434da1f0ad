import { Button } from 'antd'
import { useAtp } from '../api/supply'
import type { Atp } from '../api/types'
import { useWords } from '../i18n'
import { groupDigits } from './money'
import type { AskedGoods } from './Substitutes'

export interface Part {
  quantity: string
  /** The day it can be promised for, where that is later than the one that was asked for. */
  date?: string
}

const milli = (quantity: string) => Math.round(Number(quantity) * 1000)
const NOTHING: AskedGoods = { product: '', quantity: '' }

/** A promise that is later than it was asked for, by the days on which its goods are there. */
function partsOf({ from, date: last }: Atp, { date: asked }: AskedGoods): Part[] {
  if (!last || !asked || last <= asked) return []
  const days = new Map<string, number>()
  for (const { date, quantity } of from) {
    const day = date && date > asked ? date : ''
    days.set(day, (days.get(day) ?? 0) + milli(quantity))
  }
  const sorted = [...days].sort(([one], [other]) => (one < other ? -1 : 1))
  return sorted.map(([date, sum]) => ({ quantity: String(sum / 1000), ...(date && { date }) }))
}

/** In which parts goods that are not all there in time can be promised; none if never all of them. */
export function useParts(asked: AskedGoods | undefined, atp: Atp | null, available: string | null): Part[] {
  const { data } = useAtp(asked ?? NOTHING, Boolean(asked) && atp?.state === 'short')
  if (!asked || !atp) return []
  if (atp.state === 'backed') return partsOf(atp, asked)
  if (!data) return []
  // Where other lines of the order ask for the same goods, what is said of the goods alone does not hold.
  if (available !== null && milli(available) !== milli(data.available)) return []
  const sum = data.split.reduce((all, part) => all + milli(part.quantity), 0)
  if (sum !== milli(asked.quantity)) return []
  return data.split.map(({ quantity, date }) => ({
    quantity,
    ...(date > (asked.date ?? data.split[0]?.date ?? date) && { date }),
  }))
}

/** "100 in stock, the other 50 → 06-15". */
export function usePartsWords(parts: Part[]): string {
  const { t } = useWords()
  const [first] = parts
  const last = parts.at(-1)
  if (!first || !last?.date) return ''
  const date = last.date.slice(5)
  if (parts.length === 1) return t('atp.later', { quantity: groupDigits(first.quantity), date })
  const rest = parts.slice(1).reduce((all, part) => all + milli(part.quantity), 0) / 1000
  const now = t(first.date ? 'atp.dated' : 'atp.stock', {
    quantity: groupDigits(first.quantity),
    date: first.date?.slice(5),
  })
  return [now, t('atp.rest', { quantity: groupDigits(String(rest)), date })].join(t('list.comma'))
}

/** Takes what can be promised: in lines for each day, or the whole line for the last of the days. */
export function PartsOffer({ parts, onSplit }: { parts: Part[]; onSplit: (parts: Part[]) => void }) {
  const { t } = useWords()
  const last = parts.at(-1)
  if (!last?.date) return null
  const whole = parts.reduce((all, part) => all + milli(part.quantity), 0) / 1000
  return (
    <div className="decision-buttons">
      {parts.length > 1 && (
        <Button autoFocus type="primary" size="small" onClick={() => onSplit(parts)} data-testid="atp.split">
          {t('atp.split', { count: parts.length })}
        </Button>
      )}
      <Button
        size="small"
        onClick={() => onSplit([{ quantity: String(whole), date: last.date }])}
        data-testid="atp.move_date"
      >
        {t('atp.move_date', { date: last.date.slice(5) })}
      </Button>
    </div>
  )
}
