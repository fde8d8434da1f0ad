import type { Queue, Task, WorkbenchData } from '../../api/types'
import type { Held } from '../../table/heldRows'
import { dayIn } from '../../ui/time'

/** What is to be decided is grouped by its deadline, what is to be completed by whether somebody sent it back. */
const byDeadline = ['overdue', 'today', 'later'] as const
const byReturn = ['returned', 'incomplete'] as const
export type GroupKey = (typeof byDeadline)[number] | (typeof byReturn)[number] | 'all'

const keysOf = (queue: Queue): readonly GroupKey[] =>
  queue === 'returned' ? byReturn : queue === 'mine' || queue === 'pool' ? byDeadline : ['all']

function groupOf(task: Task, queue: Queue, now: number, zone: string): GroupKey {
  if (queue === 'returned') return task.reason ? 'returned' : 'incomplete'
  if (queue !== 'mine' && queue !== 'pool') return 'all'
  if (!task.due_at) return 'later'
  const due = Date.parse(task.due_at)
  if (task.overdue || due < now) return 'overdue'
  return dayIn(due, zone) === dayIn(now, zone) ? 'today' : 'later'
}

export interface Group {
  key: GroupKey
  rows: Held<Task>[]
}

/** Groups in the order a person works: late first. The order inside a group stays as the server gave it. */
export function grouped(rows: Held<Task>[], queue: Queue, now: number, zone: string): Group[] {
  return keysOf(queue)
    .map(key => ({ key, rows: rows.filter(each => groupOf(each.row, queue, now, zone) === key) }))
    .filter(group => group.rows.length > 0)
}

/**
 * How many a group has in all, in words: what is loaded or, while pages wait, what the counts of everything one
 * can decide say; where they say nothing, at least what is loaded.
 */
export function sizeOf(
  group: Group,
  total: number | undefined,
  whole: boolean,
  counts: WorkbenchData['counts'] | undefined,
): string {
  const seen = group.rows.filter(each => each.goneAt === null).length
  if (whole) return String(seen)
  if (group.key === 'all' && total !== undefined) return String(total)
  if (counts && total === counts.my_open) {
    if (group.key === 'overdue') return String(counts.overdue)
    if (group.key === 'today') return String(counts.due_today - counts.overdue)
    if (group.key === 'later') return String(counts.my_open - counts.due_today)
  }
  return `${seen}+`
}

/** Where the cursor goes when `id` leaves the list: the next row, else the one before. */
export function nextAfter(ids: string[], id: string): string | undefined {
  const at = ids.indexOf(id)
  return ids[at + 1] ?? ids[at - 1]
}
