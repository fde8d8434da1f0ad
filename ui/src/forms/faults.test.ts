import { describe, expect, it } from 'vitest'
import { Problem } from '../api/problem'
import type { Finding } from '../api/types'
import { changed, faultsIn, given } from './faults'

const found = (path: string, zh: string, en: string) => ({ path, message: { zh, en } }) as Finding
const refused = (...findings: Finding[]) => new Problem(422, { findings })

describe('what the server found wrong', () => {
  it('stands at the field, without its path, in the language on screen', () => {
    const error = refused(
      found('items[0].quantity', 'items[0].quantity:必须填写', 'items[0].quantity: is required'),
    )
    expect(faultsIn(error, 'zh').get('quantity')).toBe('必须填写')
    expect(faultsIn(error, 'en').get('quantity')).toBe('is required')
  })

  it('keeps the places inside of lists, and all faults of one field', () => {
    const faults = faultsIn(
      refused(
        found('lines[1].quantity', 'lines[1].quantity:太多', 'lines[1].quantity: too much'),
        found('lines[1].quantity', '位数太多', 'too precise'),
      ),
      'en',
    )
    expect([...faults]).toEqual([['lines[1].quantity', 'too much too precise']])
  })

  it('is nothing when nothing was refused, or for no field', () => {
    expect(faultsIn(null, 'zh').size).toBe(0)
    expect(faultsIn(new Problem(409, { detail: 'x' }), 'zh').size).toBe(0)
  })
})

describe('what is sent', () => {
  it('of a new record: what was typed', () => {
    expect(given({ code: 'A', name: ' ', unit: '' })).toEqual({ code: 'A' })
  })

  it('of a known record: what changed, an emptied field as empty', () => {
    expect(changed({ name: 'a', unit: 'pcs' }, { name: 'b', unit: '', line: '' })).toEqual({
      name: 'b',
      unit: '',
    })
  })
})
