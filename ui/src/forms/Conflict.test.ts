import { describe, expect, it } from 'vitest'
import { withItem, without } from './Conflict'
import { differing, type FieldSpec } from './Fields'

const items = [
  { code: 'a', name: 'A' },
  { code: 'b', name: 'B' },
]

describe('one item of a list that is set as a whole', () => {
  it('is put in the place of itself, or behind the others, and taken out alone', () => {
    expect(withItem(items, { code: 'a', name: 'C' }).map(each => each.name)).toEqual(['C', 'B'])
    expect(withItem(items, { code: 'c', name: 'C' }).map(each => each.name)).toEqual(['A', 'B', 'C'])
    expect(withItem(items, { code: 'a', name: 'C' }, true)).toHaveLength(3)
    expect(without(items, 'a')).toEqual([items[1]])
  })

  it('is held against what somebody else has put, in words', () => {
    const specs: FieldSpec[] = [
      { name: 'zh', label: '名称' },
      { name: 'who', label: '处理人', kind: 'choice', options: [{ value: 'role:sales', label: '销售' }] },
    ]
    expect(differing(specs, { zh: '缺货', who: 'role:sales' }, undefined)).toEqual([
      { label: '名称', mine: '缺货', theirs: '–' },
      { label: '处理人', mine: '销售', theirs: '–' },
    ])
  })
})
