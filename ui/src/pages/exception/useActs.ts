import { useMay } from '../../api/admin'
import { useChanges } from '../../api/hooks'
import type { Action, Exception, Order, OrderChange, Task } from '../../api/types'
import { actionOf } from '../../ui/ActionButton'
import { canSettle, type Way } from '../order/tabs/BrokenPromises'

export interface Act {
  name: string
  label: Exception['acts'][number]['label']
  action: Action
}
export interface Playbook {
  /** What the acts on a task are done with. */
  task?: Task
  /** The change that nobody takes up. */
  change?: OrderChange
  acts: Act[]
}

const open = (name: string): Action => ({
  name,
  allowed: true,
  reason_code: null,
  label: null,
  confirm: null,
})
const shut = (name: string, reason_code: string): Action => ({ ...open(name), allowed: false, reason_code })

/** Which acts settle a broken promise, in which way, and why there may be no such way. */
export const WAYS: Record<string, { way: Way; none: string }> = {
  promise_instead: { way: 'instead', none: 'no_instead' },
  promise_exchange: { way: 'exchange', none: 'no_exchange' },
  promise_new_date: { way: 'new_date', none: 'no_new_date' },
}

function useChangeOf(found: Exception, order: Order | undefined): OrderChange | undefined {
  const asked = found.kind === 'change_waits' && Boolean(order)
  const { data } = useChanges(found.order_id, order?.version ?? 0, asked)
  return data?.items.find(change => String(change.number) === found.evidence.change)
}

/**
 * What may settle an exception. Whether an act is open is said where it lies: at the order, its task or its change, at
 * the admin's hand, or by the rights of whoever looks. None is left out, so that what is not open says why.
 */
export function useActs(found: Exception, order: Order | undefined): Playbook {
  const may = useMay()
  const change = useChangeOf(found, order)
  const tasks = order?.tasks.filter(each => each.state === 'open') ?? []
  const task = tasks.find(each => !found.node_id || each.node_id === found.node_id)
  const needs = (name: string, right: string) => (may(right) ? open(name) : shut(name, 'no_right'))
  const ofTask = (name: string, right: string) =>
    !may(right)
      ? shut(name, 'no_right')
      : !task
        ? shut(name, 'no_task')
        : (actionOf(task.actions, name) ?? shut(name, 'not_offered'))
  const ofOrder = (actions: Action[], name: string) => actionOf(actions, name) ?? shut(name, 'wrong_status')
  const ofChange = (verb: string) => {
    if (!change) return shut(verb, 'none')
    const over = change.state === 'under_review' ? 'change_under_review' : 'wrong_status'
    return actionOf(change.actions, verb) ?? shut(verb, over)
  }
  const lookUp = (name: string, of: Order): Action | undefined => {
    const settles = WAYS[name]
    if (settles) {
      if (!may('keep_promises')) return shut(name, 'no_right')
      return canSettle(of, settles.way) ? open(name) : shut(name, settles.none)
    }
    switch (name) {
      case 'reassign':
        return ofTask(name, 'intervene')
      case 'urge':
        return ofTask(name, 'comment_orders')
      case 'record_answer':
        return ofOrder(of.actions, name)
      case 'resend_notice':
        return ofOrder(of.actions, 'send_notice')
      case 'change_order':
        return ofOrder(of.actions, 'request_change')
      case 'take_change':
        return ofChange('take')
      case 'reject_change':
        return ofChange('reject')
      case 'refund':
      case 'settle_with_other':
        return needs(name, 'keep_accounts')
      case 'change_flow':
        return needs(name, 'publish_flows')
      default:
        return of.by_hand ? ofOrder(of.by_hand.actions, name) : shut(name, 'no_right')
    }
  }
  const acts = found.acts.flatMap(({ name, label }) => {
    const action = order && lookUp(name, order)
    return action ? [{ name, label, action: { ...action, name } }] : []
  })
  return { task, change, acts }
}
