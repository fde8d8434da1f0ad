import { describe, expect, it } from 'vitest'
import type { Queue, Task, WorkbenchData } from '../../api/types'
import { grouped, sizeOf } from './groups'

const NOW = Date.parse('2026-11-26T10:00:00+08:00')
const ZONE = 'Asia/Shanghai'
const held = (...tasks: Partial<Task>[]) => tasks.map(row => ({ row: row as Task, goneAt: null }))
const due = (at: string | null): Partial<Task> => ({ due_at: at && `2026-11-${at}:00+08:00`, reason: null })
const rows = held(due('26T09:00'), due('26T18:00'), due('27T09:00'), due(null))
const keys = (queue: Queue, all = rows) =>
  grouped(all, queue, NOW, ZONE).map(group => [group.key, group.rows.length])

describe('the groups of a queue', () => {
  it('are deadlines for what is to be decided', () => {
    expect(keys('mine')).toEqual([
      ['overdue', 1],
      ['today', 1],
      ['later', 2],
    ])
  })

  it('tell what was sent back from what nobody returned', () => {
    expect(keys('returned', held({ reason: '价格不对' }, due(null), due(null)))).toEqual([
      ['returned', 1],
      ['incomplete', 2],
    ])
  })

  it('are none for what is done or under way', () => {
    expect(keys('done')).toEqual([['all', 4]])
  })
})

describe('the size of a group', () => {
  const counts = { my_open: 144, overdue: 4, due_today: 100 } as WorkbenchData['counts']
  const [overdue, today, later] = grouped(rows, 'mine', NOW, ZONE)
  it('is the total and not what is loaded', () => {
    expect([overdue, today, later].map(group => group && sizeOf(group, 144, false, counts))).toEqual([
      '4',
      '96',
      '44',
    ])
    expect(overdue && sizeOf(overdue, 144, true, counts)).toBe('1')
  })
  it('says that there are more where nobody counted them', () => {
    expect(today && sizeOf(today, 9, false, counts)).toBe('1+')
    expect(today && sizeOf(today, 144, false, undefined)).toBe('1+')
  })
})
