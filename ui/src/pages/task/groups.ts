import type { Task } from '../../api/types'
import type { Held } from '../../table/heldRows'
import { dayIn } from '../../ui/time'

export const groupKeys = ['overdue', 'today', 'later'] as const
export type GroupKey = (typeof groupKeys)[number]

export function groupOf(task: Task, now: number, zone: string): GroupKey {
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
export function grouped(rows: Held<Task>[], now: number, zone: string, only?: string): Group[] {
  return groupKeys
    .filter(key => !only || key === only)
    .map(key => ({ key, rows: rows.filter(each => groupOf(each.row, now, zone) === key) }))
    .filter(group => group.rows.length > 0)
}

/** Where the cursor goes when `id` leaves the list: the next row, else the one before. */
export function nextAfter(ids: string[], id: string): string | undefined {
  const at = ids.indexOf(id)
  return ids[at + 1] ?? ids[at - 1]
}
