import { describe, expect, it } from 'vitest'
import { blankField, faultyAt, fieldOf, typed, typedCondition } from './draft'

describe('a field of the form', () => {
  it('comes back from what people type as it was', () => {
    const field = {
      ...blankField('choices'),
      field: 'marks',
      name: { zh: '标记', en: 'Marks' },
      options: ['red', 'blue'],
      visible_to: ['finance', 'sales'],
      default: ['red'],
      line: true,
      required: true,
      required_when: [{ field: 'order_type', is: ['export', 'sample'] }],
    }
    expect(fieldOf(typed(field), field.required_when.map(typedCondition))).toEqual(field)
  })

  it('has one name in both languages where only one was typed, and no options where there is nothing to choose', () => {
    const field = fieldOf({ ...typed(blankField('text')), field: 'a', name_zh: '甲', options: 'x' }, [])
    expect(field.name).toEqual({ zh: '甲', en: '甲' })
    expect(field.options).toEqual([])
  })

  it('that is worked out is asked of nobody, and only numbers are', () => {
    const counted = {
      ...typed(blankField('number')),
      field: 'w',
      formula: ' quantity * 2 ',
      required: 'always',
    }
    const field = fieldOf({ ...counted, default: '7' }, [])
    expect([field.formula, field.required, field.default]).toEqual(['quantity * 2', false, null])
    expect(fieldOf(typed(field), [])).toEqual(field)
    expect(fieldOf({ ...counted, type: 'text' }, []).formula).toBeNull()
  })

  it('reads a yes as a yes', () => {
    expect(fieldOf({ ...typed(blankField('bool')), default: 'true' }, []).default).toBe(true)
  })

  it('is found again by the path of a fault', () => {
    expect(faultyAt('items[12].options')).toBe(12)
    expect(faultyAt('items')).toBeNull()
  })
})
