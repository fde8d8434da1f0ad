import { describe, expect, it } from 'vitest'
import { filterOf, isOwn, type Params, sameFilter } from './viewFilter'

const params: Params = {
  view: { values: ['all', 'stuck'], usual: 'all' },
  days: { values: ['7', '30'], usual: '30' },
  q: {},
}

describe('the filter of a view', () => {
  it('keeps what differs from what is shown anyway, as text', () => {
    expect(filterOf({ view: 'stuck', days: 7, q: 'AB-1' }, params)).toEqual({
      view: 'stuck',
      days: '7',
      q: 'AB-1',
    })
    expect(filterOf({ view: 'all', days: 30, q: undefined }, params)).toEqual({})
    expect(filterOf({ q: '' }, params)).toEqual({})
  })

  it('leaves out what the page does not know, or does not know any more', () => {
    expect(filterOf({ view: 'gone', colour: 'red', q: 'x', constructor: 'y' }, params)).toEqual({ q: 'x' })
    expect(filterOf({ days: '45' }, params)).toEqual({})
  })

  it('is the same whatever the order of its parameters', () => {
    expect(sameFilter({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
    expect(sameFilter({ a: '1' }, { a: '1', b: '2' })).toBe(false)
    expect(sameFilter({ a: '1', b: '2' }, { a: '1' })).toBe(false)
    expect(sameFilter({ a: '1' }, { b: '1' })).toBe(false)
    expect(sameFilter({}, {})).toBe(true)
  })

  it('is one of its own when it is more than a tab', () => {
    expect(isOwn({}, 'view')).toBe(false)
    expect(isOwn({ view: 'stuck' }, 'view')).toBe(false)
    expect(isOwn({ view: 'stuck', q: 'x' }, 'view')).toBe(true)
    expect(isOwn({ q: 'x' }, 'view')).toBe(true)
  })
})
