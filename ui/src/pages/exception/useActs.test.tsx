import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import type { Exception, Order } from '../../api/types'
import { useActs } from './useActs'

const RULES = join(import.meta.dirname, '../../../../crates/ordain-app/src/case/exception.rs')
/** Every act that the server can suggest. */
const suggested = [
  ...new Set(
    [...readFileSync(RULES, 'utf8').matchAll(/^ {4}\w+ "\w+" \[(.*)\],$/gm)].flatMap(
      ([, acts]) => acts?.match(/\w+/g) ?? [],
    ),
  ),
]
const open = (...names: string[]) => names.map(name => ({ name, allowed: true, reason_code: null }))
const broken = { instead: [{}], instead_date: null, now: '2026-12-01' }

function openTo(may: string[], order: object) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } })
  client.setQueryData(['me'], { may })
  client.setQueryData(['order', 'o', 'changes', 1], {
    items: [{ number: 3, state: 'requested', actions: open('take', 'reject') }],
  })
  const found = {
    order_id: 'o',
    kind: 'change_waits',
    evidence: { change: '3' },
    acts: suggested.map(name => ({ name, label: { zh: name, en: name } })),
  } as unknown as Exception
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  )
  const whole = { id: 'o', version: 1, ...order } as unknown as Order
  const { result } = renderHook(() => useActs(found, whole), { wrapper })
  return result.current.acts.map(({ name, action }) => [name, action.allowed || action.reason_code])
}

it('finds a place for every act that the server suggests, and a reason where it is not open', () => {
  expect(suggested.length).toBeGreaterThan(20)
  const rights = ['intervene', 'comment_orders', 'keep_promises', 'keep_accounts', 'publish_flows']
  const all = openTo(rights, {
    tasks: [{ id: 't', state: 'open', actions: open('urge', 'reassign') }],
    actions: open('record_answer', 'send_notice', 'request_change'),
    by_hand: {
      actions: open('jump', 'skip', 'rerun', 'override', 'take_over', 'put_back', 'end', 'agree'),
    },
    lines: [{ promise: { broken: [broken] } }],
  })
  expect(all).toEqual(suggested.map(name => [name, true]))
  const none = openTo([], { tasks: [], actions: [], by_hand: null, lines: [] })
  expect(none.map(([name]) => name)).toEqual(suggested)
  for (const [name, allowed] of none.filter(([name]) => !String(name).endsWith('_change')))
    expect(allowed, String(name)).toMatch(/no_right|wrong_status/)
})

it('says why a promise cannot be settled in some way, and that nobody has work to urge', () => {
  const gone = { ...broken, instead: [], now: null }
  const acts = Object.fromEntries(
    openTo(['keep_promises', 'comment_orders'], {
      tasks: [],
      actions: [],
      by_hand: null,
      lines: [{ promise: { broken: [gone] } }],
    }),
  )
  expect([acts.promise_instead, acts.promise_exchange, acts.promise_new_date, acts.urge]).toEqual([
    'no_instead',
    'no_exchange',
    'no_new_date',
    'no_task',
  ])
})
