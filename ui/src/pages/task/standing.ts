import type { Finding, Task } from '../../api/types'

/** Open findings that no reason sets aside: as long as one stands, approving cannot succeed. */
export const standing = (task: Task): Finding[] =>
  task.state === 'open'
    ? task.findings.filter(each => each.state === 'open' && each.severity !== 'info' && !each.acceptable)
    : []
