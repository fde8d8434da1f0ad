/**
 * Order lines out of a message, by patterns and by the words a customer is known to use: the same text always
 * gives the same lines, and nothing leaves the machine. Every value says which letters it was read from, and what
 * was not understood stays visible as such.
 */
import type { HeadField } from '../order/draft'
import { ANY_NUMBER, dayForms, NUMBER, numberOf } from './amounts'
import { assemble } from './assemble'
import { claim, isFree, matches, oneOf, oneWord, type Paper, paperOf, type Span, unreadRuns } from './paper'
import { type Goods, near, type Term, termsOf, type Vocabulary } from './vocabulary'
import words from './words.json'

export interface Read {
  value: string
  at: Span
}
/** `code`, `name` and `usual` (words used before) settle the product; the others want to be looked at. */
export type Why = 'code' | 'name' | 'usual' | 'close' | 'several' | 'unknown'

export interface RecognisedLine {
  /** The words that name the product. */
  words: string
  at: Span | null
  why: Why
  /** What may be meant; the product itself when it is the only one. */
  goods: Goods[]
  quantity: Read | null
  /** A number without a unit or a label beside it. */
  bare: boolean
  unit: Read | null
  unit_price: Read | null
  requested_date: Read | null
}
export interface Recognised {
  lines: RecognisedLine[]
  head: Partial<Record<HeadField, Read>>
  /** What nobody could make anything of. */
  unused: Span[]
}
export interface Surroundings {
  vocabulary: Vocabulary
  /** The day as an ISO date. */
  today: string
  readDate: (text: string) => string | null
}

export type Item =
  | { kind: 'goods'; at: Span; words: string; why: Why; goods: Goods[] }
  | { kind: 'quantity'; at: Span; value: string; unit: Read | null; bare: boolean; each: boolean }
  | { kind: 'price'; at: Span; value: string }
  | { kind: 'date'; at: Span; value: string }
/** What one part of a message between two marks says. */
export interface Said {
  items: Item[]
  /** Words that may name the product of the amount that follows. */
  loose: Span | null
}

const UNIT = oneWord(words.units)
const MONEY = oneOf(words.money)
const SIGN = '[\\u00a5\\uffe5$]'
const LABEL_END = '\\s*(?:[:#]|\\u662f)?\\s*'
const fields = words.fields as Partial<Record<HeadField, string[]>>
const anyLabel = oneOf(Object.values(fields).flat())
const FREE_VALUE = `((?:(?!${anyLabel})[^,;\\n\\u3002]){2,80})`
/** What stands behind a label; where nothing is said here, all up to a mark or the next label. */
const shapes: Partial<Record<HeadField, string>> = {
  customer_po: '([a-z0-9][\\w/-]{2,39})',
  'ship_to.phone': '((?:\\+?86[- ]?)?1[3-9]\\d{9}|0\\d{2,3}-?\\d{7,8})',
  'invoice.tax_no': '([0-9a-z]{15,20})(?![0-9a-z])',
  'ship_to.name': `((?:(?!${anyLabel})[\\p{L}\\u00b7]){2,12})`,
}
const ALONE: Partial<Record<HeadField, string>> = {
  'ship_to.phone': '(?<!\\d)1[3-9]\\d{9}(?!\\d)',
  customer_po: '(?<![a-z0-9])po[-_]?\\d[\\w/-]{2,38}',
}

function readHead(paper: Paper, source: string, whole: Span): Recognised['head'] {
  const head: Recognised['head'] = {}
  const put = (field: HeadField, at: Span, value: string) => {
    if (head[field] || !value) return
    head[field] = { value, at }
    claim(paper, at)
  }
  for (const [field, labels = []] of Object.entries(fields) as [HeadField, string[]][]) {
    const pattern = `(?<![a-z])${oneOf(labels)}${LABEL_END}${shapes[field] ?? FREE_VALUE}`
    for (const { at, groups } of matches(paper, pattern, whole))
      put(field, at, source.slice(at.to - (groups[0]?.length ?? 0), at.to).trim())
  }
  for (const [field, pattern] of Object.entries(ALONE) as [HeadField, string][])
    for (const { at } of matches(paper, pattern, whole)) put(field, at, source.slice(at.from, at.to))
  return head
}

const EDGE = /[a-z0-9]/
/** Letters and digits that go on beyond a word make it another word. */
function standsAlone(text: string, { from, to }: Span): boolean {
  const before = text[from - 1] ?? ' '
  const after = text.slice(to, to + 2)
  if (EDGE.test(text[from] ?? '') && (EDGE.test(before) || before === '-')) return false
  return !(EDGE.test(text[to - 1] ?? '') && /^(?:[a-z0-9]|[-_/][a-z0-9])/.test(after))
}

function readGoods(paper: Paper, source: string, terms: Term[]): Item[] {
  const found: Item[] = []
  for (const { words: word, why, goods } of terms) {
    let from = paper.text.indexOf(word)
    for (; from >= 0; from = paper.text.indexOf(word, from + 1)) {
      const at = { from, to: from + word.length }
      if (!isFree(paper, at) || !standsAlone(paper.text, at)) continue
      claim(paper, at)
      const said = source.slice(at.from, at.to)
      found.push({ kind: 'goods', at, words: said, why: goods.length > 1 ? 'several' : why, goods })
    }
  }
  return found
}

const PER_UNIT = `(?:\\s*${oneOf(words.per)}\\s*(?:${UNIT}))?`
const TOTAL = `${oneOf(words.total_labels)}\\s*:?\\s*${SIGN}?\\s*${NUMBER}\\s*(?:${MONEY})`
const prices = [
  `(?:(?<![a-z])${oneOf(words.price_labels)}${LABEL_END}|${SIGN})${SIGN}?\\s*(${NUMBER})\\s*(?:${MONEY})?${PER_UNIT}`,
  `(?<![\\d.])(${NUMBER})\\s*(?:${MONEY})(?:\\u94b1)?${PER_UNIT}`,
]

function readPrices(paper: Paper, part: Span, unused: Span[]): Item[] {
  const found: Item[] = []
  // What everything costs says nothing about one piece.
  for (const { at } of matches(paper, TOTAL, part)) {
    claim(paper, at)
    unused.push(at)
  }
  for (const pattern of prices)
    for (const { at, groups } of matches(paper, pattern, part)) {
      const value = numberOf(groups[0] ?? '')
      if (!value) continue
      claim(paper, at)
      found.push({ kind: 'price', at, value })
    }
  return found
}

const EACH = oneOf(words.each)
const quantities = [
  `(?:(${EACH})\\s*)?(?<![a-z])${oneOf(words.count_labels)}${LABEL_END}(${ANY_NUMBER})\\s*(${UNIT})?`,
  `(${EACH})?(?<![a-z0-9.])[x*\\u00d7]\\s*(${NUMBER})(?!\\d|\\.\\d)\\s*(${UNIT})?`,
  `(?:(${EACH})\\s*)?(?<![\\da-z.,-])(${ANY_NUMBER})\\s*(${UNIT})`,
]
const BARE = `(?<![\\w.,/-])(${NUMBER})(?![\\w./%-]|\\p{L})`

function readQuantities(paper: Paper, part: Span, source: string): Item[] {
  const found: Item[] = []
  for (const pattern of quantities)
    for (const { at, groups } of matches(paper, pattern, part)) {
      const [each, number = '', said] = groups
      const value = numberOf(number)
      if (!value) continue
      claim(paper, at)
      const from = at.to - (said?.length ?? 0)
      const unit = said ? { value: source.slice(from, at.to), at: { from, to: at.to } } : null
      found.push({ kind: 'quantity', at, value, unit, bare: false, each: Boolean(each) })
    }
  return found
}

/** Numbers alone, if there are just as many as products: otherwise nobody knows which belongs where. */
function readBare(paper: Paper, part: Span, wanted: number): Item[] {
  const found = [...matches(paper, BARE, part)]
  if (found.length !== wanted) return []
  return found.flatMap(({ at, groups }) => {
    const value = numberOf(groups[0] ?? '')
    if (!value) return []
    claim(paper, at)
    return [{ kind: 'quantity' as const, at, value, unit: null, bare: true, each: false }]
  })
}

function readDays(paper: Paper, part: Span, { today, readDate }: Surroundings): Item[] {
  const found: Item[] = []
  for (const { pattern, read } of dayForms)
    for (const { at, groups } of matches(paper, pattern, part)) {
      const value = read(groups, today, readDate)
      if (!value) continue
      claim(paper, at)
      found.push({ kind: 'date', at, value })
    }
  return found
}

const AT_START = new RegExp(`^(?:${oneWord(words.fillers)}|[^\\p{L}\\p{N}])+`, 'u')
const AT_END = new RegExp(`(?:(?<![a-z])${oneOf(words.fillers)}|[^\\p{L}\\p{N})\\]"])+$`, 'u')

const ONLY_WEAK = new RegExp(`^(?:${oneOf(words.weak)}|\\s)+$`)

/** A run without the words that only lead to it; null when nothing else is in it. */
function withoutFillers(text: string, { from, to }: Span): Span | null {
  const start = from + (AT_START.exec(text.slice(from, to))?.[0].length ?? 0)
  const end = to - (AT_END.exec(text.slice(start, to))?.[0].length ?? 0)
  return end > start && !ONLY_WEAK.test(text.slice(start, end)) ? { from: start, to: end } : null
}

const contentRuns = (paper: Paper, part: Span) =>
  unreadRuns(paper, part).flatMap(run => withoutFillers(paper.text, run) ?? [])

/** Words that name no product: what they may mean. */
function unknownGoods(paper: Paper, at: Span, source: string, vocabulary: Vocabulary): Item {
  const said = source.slice(at.from, at.to)
  const goods = near(vocabulary, said)
  claim(paper, at)
  const why = goods.length === 1 ? 'close' : goods.length ? 'several' : 'unknown'
  return { kind: 'goods', at, words: said, why, goods }
}

/** A name inside a longer word may be another product: `大减速机` is not simply `减速机`. */
function widened(paper: Paper, item: Item, runs: Span[], source: string): Item {
  if (item.kind !== 'goods' || item.why === 'code') return item
  const beside = runs.filter(run => run.to === item.at.from || run.from === item.at.to)
  if (!beside.length) return item
  for (const run of beside) claim(paper, run)
  const at = {
    from: Math.min(item.at.from, ...beside.map(run => run.from)),
    to: Math.max(item.at.to, ...beside.map(run => run.to)),
  }
  return {
    ...item,
    at,
    words: source.slice(at.from, at.to),
    why: item.goods.length > 1 ? 'several' : 'close',
  }
}

interface Reading {
  paper: Paper
  source: string
  around: Surroundings
  unused: Span[]
}

function readPart({ paper, source, around, unused }: Reading, part: Span, goods: Item[]): Said {
  // Days come first: the number of three working days is no quantity.
  const days = readDays(paper, part, around)
  const prices = readPrices(paper, part, unused)
  let amounts = readQuantities(paper, part, source)
  if (!amounts.length) {
    const named = (run: Span) => /\p{L}/u.test(paper.text.slice(run.from, run.to))
    amounts = readBare(paper, part, goods.length || contentRuns(paper, part).filter(named).length)
  }
  const runs = contentRuns(paper, part)
  const named = goods.map(item => widened(paper, item, runs, source))
  const left = contentRuns(paper, part)
  const missing = named.length < amounts.length
  const guessed = missing ? left.map(run => unknownGoods(paper, run, source, around.vocabulary)) : []
  const items = [...named, ...guessed, ...prices, ...amounts, ...days]
  items.sort((one, two) => one.at.from - two.at.from)
  const loose = !items.length && left.length === 1 ? (left[0] ?? null) : null
  return { items, loose }
}

const NUMBERING = '(?<=^|\\n)[ \\t]*(?:\\d{1,2}\\s*[.\\u3001):](?!\\d)|[\\u2460-\\u2473\\u2022*-])\\s*'
/** Marks between parts; a comma inside a grouped number is none. */
const SEPARATOR = /[\n;!?\u3002\u3001]|,(?!\d{3}(?!\d))|(?<!\d),/gu

function partsOf({ text, taken }: Paper): Span[] {
  const ends = [...text.matchAll(SEPARATOR)].map(found => found.index).filter(at => !taken[at])
  return [...ends, text.length].map((to, i) => ({ from: i ? (ends[i - 1] ?? 0) + 1 : 0, to }))
}

export function recognise(source: string, around: Surroundings): Recognised {
  const paper = paperOf(source)
  const whole = { from: 0, to: source.length }
  const unused: Span[] = []
  for (const { at } of matches(paper, NUMBERING, whole)) claim(paper, at)
  const head = readHead(paper, source, whole)
  const goods = readGoods(paper, source, termsOf(around.vocabulary))
  goods.sort((one, two) => one.at.from - two.at.from)
  const reading = { paper, source, around, unused }
  const parts = partsOf(paper)
  let next = 0
  const said = parts.map(part => {
    const first = next
    while (goods[next] && (goods[next]?.at.from ?? 0) < part.to) next += 1
    return readPart(reading, part, goods.slice(first, next))
  })
  const { lines, day, spare } = assemble(said, span => unknownGoods(paper, span, source, around.vocabulary))
  if (day) head.requested_date = day
  unused.push(...spare, ...parts.flatMap(part => contentRuns(paper, part)))
  unused.sort((one, two) => one.from - two.from)
  return { lines, head, unused }
}
