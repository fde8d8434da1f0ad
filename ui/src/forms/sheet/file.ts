/** The text of a file of cells. */
export type FileText = { text: string } | { refused: 'workbook' | 'binary' | 'large' | 'empty' }

const BYTES_MAX = 5_000_000
const WORKBOOKS = ['504b0304', 'd0cf11e0']

/** Reads UTF-8 and, as Excel saves here, GB 18030. A workbook is no text: its cells are to be copied. */
export function textOf(bytes: Uint8Array): FileText {
  if (bytes.length === 0) return { refused: 'empty' }
  if (bytes.length > BYTES_MAX) return { refused: 'large' }
  const start = [...bytes.subarray(0, 4)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  if (WORKBOOKS.includes(start)) return { refused: 'workbook' }
  if (bytes.includes(0)) return { refused: 'binary' }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    try {
      return { text: new TextDecoder('gb18030', { fatal: true }).decode(bytes) }
    } catch {
      return { refused: 'binary' }
    }
  }
}
