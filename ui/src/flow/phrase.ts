/** One sentence into a condition and a step, by patterns alone: the same words always give the same answer. */
import type { Condition, Row } from './doc'
import known from './phrases.json'

export interface Party {
  kind: 'role' | 'department' | 'user'
  key: string
  name: string
}
export interface Understood {
  when: Condition
  type: 'review' | 'task' | 'cc'
  who: Party
}
/** What was missing from the sentence. */
export type Unclear = 'condition' | 'who'

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\uFF0C\u3002]/g, ' ')
    .trim()

/** The words that stand in a text, the longest first, so that a part of a word never wins over it. */
function find<T extends { words: string[] }>(
  text: string,
  entries: readonly T[],
): { entry: T; word: string; at: number } | null {
  const all = entries.flatMap(entry => entry.words.map(word => ({ entry, word: word.toLowerCase() })))
  const found = all
    .filter(each => text.includes(each.word))
    .map(each => ({ ...each, at: text.indexOf(each.word) }))
  found.sort((one, two) => two.word.length - one.word.length || one.at - two.at)
  return found[0] ?? null
}

/** A number as people write it: `5万`, `50,000`, `1.2 million`. */
export function readNumber(text: string): string | null {
  const match = text.match(/(\d[\d,]*(?:\.\d+)?)\s*([^\d\s:;,]*)/)
  if (!match) return null
  const [, digits = '', tail = ''] = match
  const end = tail.toLowerCase()
  const unit = known.units.find(each =>
    each.words.some(word => (/^[a-z]/.test(word) ? end === word : end.startsWith(word))),
  )
  const [whole = '0', fraction = ''] = digits.replaceAll(',', '').split('.')
  const places = unit ? String(unit.times).length - 1 : 0
  const moved = whole + fraction.padEnd(places, '0').slice(0, places)
  const rest = fraction.slice(places)
  return `${moved.replace(/^0+(?=\d)/, '')}${rest ? `.${rest}` : ''}`
}

/** A value as it is typed, without the words that lead on from it. */
function firstWord(text: string): string {
  const [word = ''] = text.trim().split(/[\s,]/)
  const ends = known.stops.map(stop => word.indexOf(stop, 1)).filter(at => at > 0)
  return word.slice(0, Math.min(word.length, ...ends))
}

function readRow(text: string): Row | null {
  const field = find(text, known.fields)
  if (field) {
    const after = text.slice(field.at + field.word.length)
    const operator = find(after, known.operators)
    const numeric = field.entry.type === 'money' || field.entry.type === 'number'
    const number = numeric ? readNumber(after) : null
    const about = known.above.some(word => after.includes(word))
      ? 'ge'
      : known.below.some(word => after.includes(word))
        ? 'le'
        : null
    if (number !== null)
      return {
        field: field.entry.field,
        op: about ?? operator?.entry.op ?? 'ge',
        value: { number },
        when_empty: false,
      }
    const value = operator && !numeric ? firstWord(after.slice(operator.at + operator.word.length)) : ''
    if (operator && value)
      return {
        field: field.entry.field,
        op: operator.entry.op === 'ne' ? 'ne' : 'eq',
        value: { text: value.toUpperCase() },
        when_empty: false,
      }
  }
  const flag = find(text, known.flags)
  return flag ? { field: flag.entry.field, op: 'eq', value: { bool: true } } : null
}

/** What follows a condition: the person and what they do. The people of the company go before words that are known. */
function readWho(text: string, people: Party[]): { who: Party; at: number } | null {
  const named = find(
    text,
    people.map(party => ({ words: [party.name], party })),
  )
  if (named) return { who: named.entry.party, at: named.at }
  const role = find(text, known.people)
  return role ? { who: { kind: 'role', key: role.entry.role, name: role.word }, at: role.at } : null
}

/** Reads a sentence such as "amount over 50,000 needs the general manager", in Chinese or English. */
export function understand(sentence: string, people: Party[]): Understood | Unclear {
  const text = plain(sentence)
  const who = readWho(text, people)
  const conditions = text
    .slice(0, who?.at ?? text.length)
    .split(new RegExp(known.joints.join('|')))
    .map(readRow)
    .filter(row => row !== null)
  // English may say who first.
  const behind = conditions.length || !who ? [] : [readRow(text.slice(who.at))].filter(row => row !== null)
  const rows = [...conditions, ...behind].map((row): Condition => ({ row }))
  const [one] = rows
  if (!one) return 'condition'
  if (!who) return 'who'
  const verb = find(text, known.verbs)
  const type = (verb?.entry.type ?? 'review') as Understood['type']
  return { when: rows.length === 1 ? one : { all: rows }, type, who: who.who }
}
