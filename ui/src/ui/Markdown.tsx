import type { ReactNode } from 'react'

type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'list'; ordered: boolean; items: string[] }
  | { kind: 'table'; rows: string[][] }
  | { kind: 'text'; text: string }

const cells = (line: string) =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replace(/\\\|/g, '|'))

/** The few forms that the procedures of the server are written in. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  for (const line of markdown.split('\n')) {
    const last = blocks.at(-1)
    const heading = /^(#{1,4}) (.*)$/.exec(line)
    const item = /^\s*(?:([-*])|\d+\.) (.*)$/.exec(line)
    if (heading) blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
    else if (line.startsWith('|')) {
      if (/^[|\s:-]+$/.test(line)) continue
      if (last?.kind === 'table') last.rows.push(cells(line))
      else blocks.push({ kind: 'table', rows: [cells(line)] })
    } else if (item) {
      const ordered = !item[1]
      if (last?.kind === 'list' && last.ordered === ordered) last.items.push(item[2] ?? '')
      else blocks.push({ kind: 'list', ordered, items: [item[2] ?? ''] })
    } else if (line.trim()) blocks.push({ kind: 'text', text: line })
    else blocks.push({ kind: 'text', text: '' })
  }
  return blocks.filter(block => block.kind !== 'text' || block.text)
}

const inline = (text: string): ReactNode[] =>
  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
  text.split('**').map((piece, i) => (i % 2 ? <strong key={i}>{piece}</strong> : piece))

function Drawn({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level <= 2 ? <h3>{inline(block.text)}</h3> : <h4>{inline(block.text)}</h4>
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((item, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items of one text never move
            <li key={i}>{inline(item)}</li>
          ))}
        </List>
      )
    }
    case 'table': {
      const [head = [], ...rows] = block.rows
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className="table-wrap" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                {head.map((cell, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                  <th key={i}>{inline(cell)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of one text never move
                <tr key={i}>
                  {row.map((cell, j) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                    <td key={j}>{inline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )
    }
    case 'text':
      return <p>{inline(block.text)}</p>
  }
}

/** A text of the server with headings, lists and tables; nothing in it is taken as HTML. */
export function Markdown({ text, id }: { text: string; id: string }) {
  return (
    <div className="prose" data-testid={id}>
      {blocksOf(text).map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never move
        <Drawn key={i} block={block} />
      ))}
    </div>
  )
}
