import type { Finding, Task } from '../../api/types'

/** Open findings that no reason sets aside: as long as one stands, approving cannot succeed. */
export const standing = (task: Task): Finding[] =>
  task.state === 'open'
    ? task.findings.filter(each => each.state === 'open' && each.severity !== 'info' && !each.acceptable)
    : []

const SHUT = ['approve', 'batch']

/** The task as it can really be decided: with a standing finding, alone and in a batch, approving is off. */
export function decidable(task: Task): Task {
  const [first] = standing(task)
  if (!first) return task
  const reason_code = first.check === 'stock' ? 'promise_not_backed' : 'blocker_open'
  return {
    ...task,
    next: null,
    actions: task.actions.map(action =>
      SHUT.includes(action.name) && action.allowed ? { ...action, allowed: false, reason_code } : action,
    ),
  }
}
