/** Rows and cells of a block copied from a spreadsheet: tabs between cells, quotes around cells with breaks. */
export function parseBlock(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const source = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  for (let i = 0; i < source.length; i++) {
    const char = source[i]
    if (quoted) {
      if (char !== '"') cell += char
      else if (source[i + 1] === '"') {
        cell += '"'
        i += 1
      } else quoted = false
    } else if (char === '"' && cell === '') quoted = true
    else if (char === '\t' || char === '\n') {
      row.push(cell.trim())
      cell = ''
      if (char === '\n') {
        rows.push(row)
        row = []
      }
    } else cell += char
  }
  row.push(cell.trim())
  rows.push(row)
  return rows.filter(each => each.some(value => value !== ''))
}

export const isBlock = (text: string) => /[\t\n]/.test(text.replace(/\r?\n$/, ''))
