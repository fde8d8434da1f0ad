import { expect, test } from 'vitest'
import { unitsOf, unitsText } from './units'

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
