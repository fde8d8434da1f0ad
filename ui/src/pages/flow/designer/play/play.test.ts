import { describe, expect, it } from 'vitest'
import type { Play } from '../../../../api/flows'
import { decide, lateAt, personaIn, range, snapped, waitUntil } from './play'

const NOW = '2026-12-01T09:00:00+08:00'
const at = (text: string) => Date.parse(`2026-12-${text}:00+08:00`)
const timer = (text: string) => ({ at: new Date(at(text)).toISOString() }) as Play['ahead'][number]
const play = { now_at: NOW, ahead: [timer('01T10:00'), timer('03T09:00')] }
const person = (login: string, allowed: boolean) => ({
  login,
  actions: [{ name: 'approve', allowed, reason_code: null, label: null, confirm: null }],
})
const task = (number: number, people: unknown[]) => ({ number, people }) as Play['tasks'][number]

describe('the time of a play', () => {
  it('reaches from where the clock stands to the last timer, in steps that a hand can tell apart', () => {
    expect(range(play)).toEqual({ now: at('01T09:00'), last: at('03T09:00'), step: 8 * 60_000 })
    expect(range({ now_at: NOW, ahead: [] })).toEqual({
      now: at('01T09:00'),
      last: at('01T09:00'),
      step: 60_000,
    })
  })

  it('is that of a timer close by, so that the timer fires', () => {
    expect(snapped(at('01T09:55'), play)).toBe(at('01T10:00'))
    expect(snapped(at('02T09:00'), play)).toBe(at('02T09:00'))
    expect(waitUntil(at('01T10:00'))).toEqual({ act: 'wait', until: '2026-12-01T02:00:00.000Z' })
  })

  it('goes to the deadline of a task, and where that is over to the next timer', () => {
    expect(lateAt({ due_at: '2026-12-02T09:00:00+08:00' }, play)).toBe(at('02T09:00'))
    expect(lateAt({ due_at: '2026-12-01T08:00:00+08:00' }, play)).toBe(at('01T10:00'))
    expect(lateAt({ due_at: null }, { now_at: NOW, ahead: [] })).toBeUndefined()
  })
})

describe('the persona of a play', () => {
  const tasks = [task(0, [person('away', false)]), task(1, [person('fin1', true), person('fin2', true)])]

  it('stays while the task is theirs, and is the first who may approve otherwise', () => {
    expect(personaIn(tasks, { task: 1, as: 'fin2' })).toEqual({ task: 1, as: 'fin2' })
    expect(personaIn(tasks, { task: 7, as: 'fin2' })).toEqual({ task: 1, as: 'fin1' })
    expect(personaIn([], { task: 1, as: 'fin1' })).toBeUndefined()
  })

  it('sends what is filled in with an approval alone, and a target with a return alone', () => {
    const said = { reason: ' ok ', to: 'first', values: { 'extra.a': '1', 'extra.b': ' ' } }
    const who = { task: 1, as: 'fin1' }
    expect(decide('approve', who, said)).toEqual({
      act: 'approve',
      ...who,
      reason: 'ok',
      values: { 'extra.a': '1' },
    })
    expect(decide('return', who, said)).toEqual({ act: 'return', ...who, reason: 'ok', to: 'first' })
    expect(decide('reject', who, { ...said, reason: '' })).toEqual({ act: 'reject', ...who })
  })
})
