import { describe, expect, it } from 'vitest'
import { GONE_MS, mergeHeld } from './heldRows'

interface Row {
  id: string
  text: string
}
const row = (id: string, text = id): Row => ({ id, text })
const keyOf = (each: Row) => each.id
const start = mergeHeld<Row>([], [row('b'), row('c')], keyOf, 0)

describe('rows of a live list', () => {
  it('are updated in place and never reordered', () => {
    const next = mergeHeld(start, [row('c', 'C'), row('b', 'B')], keyOf, 1)
    expect(next.map(each => each.row.text)).toEqual(['B', 'C'])
  })
  it('grey out when they are gone and leave after ten seconds', () => {
    const gone = mergeHeld(start, [row('c')], keyOf, 5)
    expect(gone.map(each => each.goneAt)).toEqual([5, null])
    expect(mergeHeld(gone, [row('c')], keyOf, 5 + GONE_MS).map(each => each.row.id)).toEqual(['c'])
  })
  it('come back to life when the server names them again', () => {
    const gone = mergeHeld(start, [row('c')], keyOf, 5)
    expect(mergeHeld(gone, [row('b'), row('c')], keyOf, 6).map(each => each.goneAt)).toEqual([null, null])
  })
  it('wait outside when they belong above, and are added when they belong below', () => {
    const next = mergeHeld(start, [row('a'), row('b'), row('c'), row('d')], keyOf, 1)
    expect(next.map(each => each.row.id)).toEqual(['b', 'c', 'd'])
  })
})
