/** What a play of a flow is made of. Pure: the server plays it. */
import type { Play, PlayAct } from '../../../../api/flows'

const MINUTE_MS = 60_000
/** Places of a slider that a hand can still tell apart. */
const PLACES = 400

type Task = Play['tasks'][number]
export type Persona = { task: number; as: string }
export type Decision = 'approve' | 'return' | 'reject'
export const DECISIONS: readonly Decision[] = ['approve', 'return', 'reject']

/** The times that can be gone to: from where the clock stands to the last timer that is known. */
export function range(play: Pick<Play, 'now_at' | 'ahead'>) {
  const now = Date.parse(play.now_at)
  const last = Math.max(now, ...play.ahead.map(each => Date.parse(each.at)))
  const step = Math.max(1, Math.ceil((last - now) / MINUTE_MS / PLACES)) * MINUTE_MS
  return { now, last, step }
}

/** A place on the slider as a time; close to a timer it is that of the timer, so that it fires. */
export function snapped(at: number, play: Pick<Play, 'now_at' | 'ahead'>): number {
  const { step } = range(play)
  const timers = play.ahead.map(each => Date.parse(each.at))
  const near = timers.filter(each => Math.abs(each - at) <= step)
  return near.sort((one, two) => Math.abs(one - at) - Math.abs(two - at))[0] ?? at
}

export const waitUntil = (at: number): PlayAct => ({ act: 'wait', until: new Date(at).toISOString() })

/** When a task is late, if nobody acts: at its deadline, or with the next timer where that is over. */
export function lateAt(task: Pick<Task, 'due_at'>, play: Pick<Play, 'now_at' | 'ahead'>): number | undefined {
  const { now } = range(play)
  const due = task.due_at ? Date.parse(task.due_at) : Number.NaN
  if (due > now) return due
  const next = play.ahead[0]
  return next && Date.parse(next.at)
}

/** Who is played next: whoever was, while it is still theirs; else the first who may decide something. */
export function personaIn(tasks: Task[], before: Persona | undefined): Persona | undefined {
  const known = tasks.find(task => task.number === before?.task)
  if (before && known?.people.some(person => person.login === before.as)) return before
  for (const task of tasks) {
    const person = task.people.find(each =>
      each.actions.some(action => action.name === 'approve' && action.allowed),
    )
    if (person) return { task: task.number, as: person.login }
  }
  return undefined
}

/** The act of a decision: with a reason where there is one, and what is filled in before an approval. */
export function decide(
  act: Decision,
  { task, as }: Persona,
  { reason, to, values }: { reason: string; to?: string; values: Record<string, string> },
): PlayAct {
  const filled = Object.entries(values).filter(([, value]) => value.trim())
  return {
    act,
    task,
    as,
    ...(reason.trim() && { reason: reason.trim() }),
    ...(act === 'return' && to && { to }),
    ...(act === 'approve' && filled.length > 0 && { values: Object.fromEntries(filled) }),
  } as PlayAct
}
