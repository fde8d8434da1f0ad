import { describe, expect, it } from 'vitest'
import { blocksOf } from './Markdown'

describe('a procedure of the server', () => {
  it('is read as headings, lists, tables and text', () => {
    const text =
      '# Title\n\nIntro\n\n- **a**: 1\n- b\n\n| x | y |\n| --- | --- |\n| 1 | 2\\|3 |\n\n1. first\n2. second\n'
    expect(blocksOf(text)).toEqual([
      { kind: 'heading', level: 1, text: 'Title' },
      { kind: 'text', text: 'Intro' },
      { kind: 'list', ordered: false, items: ['**a**: 1', 'b'] },
      {
        kind: 'table',
        rows: [
          ['x', 'y'],
          ['1', '2|3'],
        ],
      },
      { kind: 'list', ordered: true, items: ['first', 'second'] },
    ])
  })

  it('keeps what is no such form as text', () => {
    expect(blocksOf('<b>x</b>')).toEqual([{ kind: 'text', text: '<b>x</b>' }])
  })
})
