/** What a customer buys, and the words they call it by. */
import { plain } from './paper'

export interface Goods {
  code: string
  name: string
  unit: string
}
export interface Vocabulary {
  goods: Goods[]
  /** Words of earlier messages, and the product that was chosen for them. */
  usual: { words: string; code: string }[]
}
export interface Term {
  words: string
  why: 'code' | 'name' | 'usual'
  goods: Goods[]
}

/** Under this name a line keeps the customer's own words for its product, so that the next message is understood. */
export const WORDS_FIELD = 'customer_words'

const NAME_LEAST = 2
const rank = { usual: 0, code: 1, name: 2 }

/** Every word that names a product, the longest first, so that a part of a word never wins over it. */
export function termsOf({ goods, usual }: Vocabulary): Term[] {
  const byCode = new Map(goods.map(each => [each.code, each]))
  const terms = new Map<string, Term>()
  const put = (words: string, why: Term['why'], each: Goods | undefined) => {
    const key = plain(words).trim()
    if (!each || key.length < NAME_LEAST) return
    const known = terms.get(key)
    if (!known || rank[why] < rank[known.why]) terms.set(key, { words: key, why, goods: [each] })
    else if (known.why === why && !known.goods.includes(each)) known.goods.push(each)
  }
  for (const { words, code } of usual) put(words, 'usual', byCode.get(code))
  for (const each of byCode.values()) {
    put(each.code, 'code', each)
    put(each.name, 'name', each)
  }
  return [...terms.values()].sort(
    (one, two) => two.words.length - one.words.length || (one.words < two.words ? -1 : 1),
  )
}

const squashed = (text: string) => plain(text).replace(/[\s\-_/.]/g, '')

/** Products that words may mean which name none: all parts stand in the name, or the name stands in the words. */
export function near({ goods }: Vocabulary, words: string): Goods[] {
  const whole = squashed(words)
  if (whole.length < NAME_LEAST) return []
  const same = goods.filter(each => squashed(each.code) === whole)
  if (same.length) return same
  const parts = words.split(/\s+/).map(squashed).filter(Boolean)
  return goods.filter(each => {
    const name = squashed(each.name)
    const own = name + squashed(each.code)
    return parts.every(part => own.includes(part)) || (name.length >= NAME_LEAST && whole.includes(name))
  })
}

/** Both together; what the first calls a product stands. */
export function joined(one: Vocabulary, goods: Goods[]): Vocabulary {
  const known = new Set(one.goods.map(each => each.code))
  const added = new Map(goods.filter(each => !known.has(each.code)).map(each => [each.code, each]))
  return { usual: one.usual, goods: [...one.goods, ...added.values()] }
}
