import { expect, test } from 'vitest'
import { substitutesOf, substitutesText, unitsOf, unitsText } from './units'

test('units are written as they are read', () => {
  const units = [
    { unit: '箱', contains: '12' },
    { unit: '托', contains: '480' },
  ]
  expect(unitsText(units)).toBe('箱=12, 托=480')
  expect(unitsOf(unitsText(units))).toEqual(units)
  expect(unitsOf('箱＝12，托：480；')).toEqual(units)
  expect(unitsOf('')).toEqual([])
  expect(unitsOf('箱')).toEqual([{ unit: '箱', contains: '' }])
})

test('substitutes stand in their order, with a ratio where it is not one to one', () => {
  const substitutes = [
    { product: 'P-2', ratio: '1' },
    { product: 'P-3', ratio: '2.5' },
  ]
  expect(substitutesText(substitutes)).toBe('P-2, P-3=2.5')
  expect(substitutesOf('P-2，P-3＝2.5')).toEqual([
    { product: 'P-2', ratio: null },
    { product: 'P-3', ratio: '2.5' },
  ])
  expect(substitutesOf('')).toEqual([])
})
