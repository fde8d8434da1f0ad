import { useRef, useState } from 'react'
import { checkOrder } from '../../../api/hooks'
import { bodyOf, type Draft, reduce } from '../../../forms/order/draft'

/**
 * Asks what is agreed for a line that a change adds: when its product or its quantity is chosen, until somebody types
 * another price. Only the latest question counts; without an answer the price is typed by hand.
 */
export function useAgreedPrice(order: string, onPrice: (key: string, price: string) => void) {
  const [asking, setAsking] = useState(false)
  const latest = useRef(0)
  const found = useRef(new Map<string, string>())
  const ask = async (draft: Draft, key: string) => {
    const line = draft.lines.find(each => each.key === key)
    const own = line?.unit_price && line.unit_price !== found.current.get(key)
    if (!line?.product || !line.quantity || own) return
    const bare = reduce(draft, { kind: 'line', key, field: 'unit_price', value: '' })
    const { body, keys } = bodyOf(bare, false)
    latest.current += 1
    const asked = latest.current
    setAsking(true)
    const answer = await checkOrder(body, order).catch(() => null)
    if (asked !== latest.current) return
    setAsking(false)
    const price = answer?.lines[keys.indexOf(key)]?.list_price
    if (!price) return
    found.current.set(key, price)
    onPrice(key, price)
  }
  return { asking, ask }
}
