import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { createOrder, newKey, replaceOrder, submitOrder } from '../../api/hooks'
import { asProblem, type Problem } from '../../api/problem'
import type { Finding, Order } from '../../api/types'
import { bodyOf, type Draft } from './draft'
import type { ReadDate } from './readDate'

export interface SaveTarget {
  id: string
  version: number
}

/** Reasons given on the form, for the findings the stored order has. */
function reasonsFor(order: Order, warnings: Finding[], reasons: Map<string, string>) {
  return warnings.flatMap(warning => {
    const reason = reasons.get(warning.id)
    const stored = order.findings.find(each => each.code === warning.code && each.path === warning.path)
    return reason && stored ? [{ finding_id: stored.id, reason }] : []
  })
}

/**
 * Sends the draft. One key names one attempt and is kept until the server has answered it, so that a
 * lost answer and a second press make one order.
 */
export function useSave(target: SaveTarget | null, readDate: ReadDate) {
  const client = useQueryClient()
  const attempt = useRef<{ text: string; key: string; submitKey: string }>(undefined)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  const keysFor = (text: string) => {
    if (attempt.current?.text !== text) attempt.current = { text, key: newKey(), submitKey: newKey() }
    return attempt.current
  }

  async function send(draft: Draft, submit: boolean, warnings: Finding[], reasons: Map<string, string>) {
    const two = submit && reasons.size > 0
    const { body } = bodyOf(draft, submit && !two, readDate)
    const { key, submitKey } = keysFor(JSON.stringify([target, body, [...reasons]]))
    setBusy(true)
    setProblem(undefined)
    try {
      let order = target
        ? await replaceOrder(target.id, target.version, body, key)
        : await createOrder(body, key)
      if (two) order = await submitOrder(order.id, reasonsFor(order, warnings, reasons), submitKey)
      attempt.current = undefined
      client.setQueryData(['order', order.id], order)
      for (const name of ['orders', 'tasks', 'workbench', 'me'])
        client.invalidateQueries({ queryKey: [name] })
      return order
    } catch (error) {
      const refused = asProblem(error)
      if (refused.status !== 0) attempt.current = undefined
      if (refused.status === 412 && target) await client.refetchQueries({ queryKey: ['order', target.id] })
      setProblem(refused)
      return null
    } finally {
      setBusy(false)
    }
  }
  return { send, busy, problem, clear: () => setProblem(undefined) }
}
