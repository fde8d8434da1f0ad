import { describe, expect, it } from 'vitest'
import { readNumber, understand } from './phrase'
import examples from './phrase.examples.json'

const people = examples.people as { kind: 'role' | 'department' | 'user'; key: string; name: string }[]

describe('a sentence', () => {
  it.each(examples.understood)('$sentence', ({ sentence, rows, type, who }) => {
    const read = understand(sentence, people)
    if (typeof read === 'string') throw new Error(`${sentence}: no ${read}`)
    const found = 'all' in read.when ? read.when.all : [read.when]
    expect(
      found.map(each =>
        'row' in each ? [each.row.field, each.row.op, Object.values(each.row.value ?? {})[0]] : [],
      ),
    ).toEqual(rows)
    expect([read.type, read.who.kind, read.who.key]).toEqual([type, ...who])
  })

  it.each(examples.unclear)('$sentence is asked about', ({ sentence, missing }) => {
    expect(understand(sentence, people)).toBe(missing)
  })
})

it.each(examples.numbers)('the number %s', (text, number) => {
  expect(readNumber(text ?? '')).toBe(number)
})
