import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import { startI18n } from '../i18n'
import { customOf, shown, spread } from './difference'
import type { Translate } from './time'

beforeAll(() => startI18n())

const t: Translate = (key, values) => i18next.getFixedT('zh')(key, values ?? {})
const code = (group: string, value: string) => t(`${group}.${value}`)
const say = (path: string, value: unknown) => shown(value, path, t, code)

describe('what differs in an order', () => {
  it('names each field of the company by itself, and none that is kept back', () => {
    const found = spread([
      { path: 'extra', before: null, after: { site: '二号库', hidden: null } },
      { path: 'lines[1].extra', before: { colour: 'red' }, after: { colour: 'blue' } },
      { path: 'customer_po', before: null, after: 'PO-1' },
    ])
    expect(found.map(each => each.path)).toEqual(['extra.site', 'lines[1].extra.colour', 'customer_po'])
    expect(found.map(each => each.after)).toEqual(['二号库', 'blue', 'PO-1'])
    expect(customOf('lines[1].extra.colour')).toEqual({ field: 'colour', line: 2 })
    expect(customOf('extra.site')).toEqual({ field: 'site' })
    expect(customOf('lines[0].quantity')).toBeNull()
  })

  it('is said in words, never as it is stored', () => {
    expect(say('invoice.kind', 'vat_normal')).toBe('增值税普通发票')
    expect(say('payment_method', 'cash')).toBe('现金')
    expect(say('delivery_terms', { code: 'FOB', place: '上海港' })).toBe('FOB 上海港')
    expect(say('lines[0].discount', '5')).toBe('5 %')
    expect(say('extra.fragile', true)).toBe('是')
    expect(say('extra.colours', ['red', 'blue'])).toBe('red、blue')
    const clauses = [
      { code: 'WARRANTY', version: 2 },
      { code: 'PENALTY', text: '每日千分之一' },
    ]
    expect(say('clauses', clauses)).toBe('WARRANTY v2、PENALTY（特别约定：每日千分之一）')
    expect(say('clauses', [])).toBe('–')
    const line = { id: 1, product: 'P-1', quantity: '2', unit: '台', unit_price: '10', discount: '5' }
    expect(say('lines[0]', line)).toBe('P-1 × 2 台 @ 10 −5 %')
  })
})
