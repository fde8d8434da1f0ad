/** A text that is read piece by piece: what was read once is not read again. */
export interface Span {
  from: number
  to: number
}
export interface Paper {
  text: string
  /** Which letters were read. */
  taken: Uint8Array
}

/** Half-width and lower case, each letter in its place, so that places hold in the original too. */
export const plain = (text: string) =>
  text
    .replace(/[\uff01-\uff5e]/g, char => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0]/g, ' ')
    .replace(/[A-Z]/g, char => char.toLowerCase())

export const paperOf = (source: string): Paper => {
  const text = plain(source)
  return { text, taken: new Uint8Array(text.length) }
}

export const isFree = ({ taken }: Paper, { from, to }: Span) => !taken.subarray(from, to).some(Boolean)
export const claim = ({ taken }: Paper, { from, to }: Span) => {
  taken.fill(1, from, to)
}

const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
/** A pattern for one of several words, the longest first. */
export const oneOf = (words: string[]) =>
  `(?:${[...words]
    .sort((one, two) => two.length - one.length)
    .map(word => literal(plain(word)))
    .join('|')})`

/** One of several words as a whole: a word of Latin letters does not go on. */
export const oneWord = (words: string[]) => {
  const latin = words.filter(word => /[a-z]$/.test(word))
  const others = words.filter(word => !latin.includes(word))
  return `(?:${oneOf(others)}|${oneOf(latin)}(?![a-z]))`
}

export interface Match {
  at: Span
  groups: (string | undefined)[]
}

const compiled = new Map<string, RegExp>()
function regExp(pattern: string): RegExp {
  const known = compiled.get(pattern) ?? new RegExp(pattern, 'gu')
  compiled.set(pattern, known)
  return known
}

/** Matches of a pattern in a part of the paper that nobody has read; the caller claims what it takes. */
export function* matches(paper: Paper, pattern: string, { from, to }: Span): Generator<Match> {
  for (const found of paper.text.slice(from, to).matchAll(regExp(pattern))) {
    const at = { from: from + found.index, to: from + found.index + found[0].length }
    if (found[0] && isFree(paper, at)) yield { at, groups: found.slice(1) }
  }
}

/** Runs of letters that nobody has read, without blanks and marks at their ends. */
export function unreadRuns(paper: Paper, { from, to }: Span): Span[] {
  const runs: Span[] = []
  let start = -1
  const close = (end: number) => {
    if (start >= 0) runs.push({ from: start, to: end })
    start = -1
  }
  for (let i = from; i < to; i++) {
    if (paper.taken[i] || paper.text[i] === '\n') close(i)
    else if (start < 0) start = i
  }
  close(to)
  return runs.map(run => trimmed(paper.text, run)).filter(run => run.to > run.from)
}

const LETTER = /[\p{L}\p{N}]/u
function trimmed(text: string, { from, to }: Span): Span {
  const run = { from, to }
  while (run.from < run.to && !LETTER.test(text[run.from] ?? '')) run.from += 1
  while (run.to > run.from && !/[\p{L}\p{N})\]"]/u.test(text[run.to - 1] ?? '')) run.to -= 1
  return run
}
