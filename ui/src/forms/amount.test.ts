import { describe, expect, it } from 'vitest'
import { amountOf } from './amount'

describe('a typed amount', () => {
  it('may have separators and full-width digits', () => {
    expect(['50,000', ' 50，000.5 ', '５００', ''].map(amountOf)).toEqual(['50000', '50000.5', '500', ''])
  })

  it('is none when it is no number', () => {
    expect(['abc', '1.', '-5', '1.2.3'].map(amountOf)).toEqual([undefined, undefined, undefined, undefined])
  })
})
