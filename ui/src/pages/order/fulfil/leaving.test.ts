import { describe, expect, it } from 'vitest'
import type { Line, Order } from '../../../api/types'
import { firm, leftOf, linesOf } from './leaving'

const line = (id: string, quantity: string | null, shipped: string) => ({ id, quantity, shipped }) as Line

describe('what leaves', () => {
  it('is at most what has not left yet', () => {
    expect(leftOf(line('1', '10', '4'))).toBe('6')
    expect(leftOf(line('1', '0.3', '0.1'))).toBe('0.2')
    expect(leftOf(line('1', '4', '4'))).toBe('0')
    expect(leftOf(line('1', null, '0'))).toBe('0')
    // Two boxes of twelve, of which five pieces have left.
    expect(leftOf({ ...line('1', '2', '5'), base_quantity: '24', base_unit: 'pcs' })).toBe('19')
  })

  it('are the lines of which something was typed, in the order of the order', () => {
    const lines = [line('1', '5', '0'), line('2', '5', '0'), line('3', '5', '0')]
    const typed = {
      '3': { quantity: '2', warehouse: ' NB ' },
      '1': { quantity: ' 1 ' },
      '2': { quantity: '0' },
    }
    expect(linesOf(lines, typed)).toEqual([
      { line: '1', quantity: '1' },
      { line: '3', quantity: '2', warehouse: 'NB' },
    ])
  })

  it('keeps what is no number, for the server to name', () => {
    expect(linesOf([line('1', '5', '0')], { '1': { quantity: 'some' } })).toHaveLength(1)
  })

  it('is of the revision that was confirmed last', () => {
    const standing = { revision: 1, lines: [line('1', '5', '0')] }
    const lines = [line('1', '9', '0')]
    expect(firm({ revision: 2, lines, standing } as unknown as Order)).toEqual(standing)
    expect(firm({ revision: 2, lines, standing: null } as unknown as Order)).toEqual({ revision: 2, lines })
  })
})
