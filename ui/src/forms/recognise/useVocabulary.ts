import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api, take } from '../../api/client'
import { findProducts, readOrder } from '../../api/hooks'
import type { Order } from '../../api/types'
import { type Goods, joined, type Vocabulary, WORDS_FIELD } from './vocabulary'

/** Orders of a customer that are read for what they buy. */
const ORDERS = '15'
const STALE_MS = 600_000
/** Words looked up in the catalogue at once. */
const LOOK_UPS = 24
const PHRASE_LETTERS = 40

export const NOTHING: Vocabulary = { goods: [], usual: [] }

function vocabularyOf(orders: Order[]): Vocabulary {
  const goods = new Map<string, Goods>()
  const usual = new Map<string, string>()
  for (const line of orders.flatMap(order => order.lines)) {
    if (!line.product || !line.product_name) continue
    const known = goods.has(line.product)
    if (!known)
      goods.set(line.product, { code: line.product, name: line.product_name, unit: line.unit ?? '' })
    const words = line.extra[WORDS_FIELD]
    // The latest order comes first, and what was chosen last stands.
    if (typeof words === 'string' && !usual.has(words)) usual.set(words, line.product)
  }
  return { goods: [...goods.values()], usual: [...usual].map(([words, code]) => ({ words, code })) }
}

const nameOf = (login: string, customer: string) => `ordain.vocabulary.${login}.${customer}`
function kept(login: string, customer: string): Vocabulary {
  try {
    return JSON.parse(localStorage.getItem(nameOf(login, customer)) ?? '') as Vocabulary
  } catch {
    return NOTHING
  }
}

async function readVocabulary(login: string, customer: string): Promise<Vocabulary> {
  const query = { customer, limit: ORDERS }
  const { items } = await take(api.GET('/api/v1/orders', { params: { query } }))
  const found = vocabularyOf(await Promise.all(items.map(({ id }) => readOrder(id))))
  try {
    localStorage.setItem(nameOf(login, customer), JSON.stringify(found))
  } catch {
    // A full store only means that it cannot be used without a connection.
  }
  return found
}

/** What a customer bought and how they called it, kept on this machine for when the server cannot be reached. */
export function useVocabulary(login: string, customer: string, enabled: boolean) {
  const { data, isLoading } = useQuery({
    queryKey: ['vocabulary', customer],
    queryFn: () => readVocabulary(login, customer),
    enabled: enabled && customer !== '',
    staleTime: STALE_MS,
    networkMode: 'always',
    retry: false,
  })
  const before = useMemo(() => (customer ? kept(login, customer) : NOTHING), [login, customer])
  return { vocabulary: data ?? before, loading: isLoading }
}

/** Adds what the catalogue has under words that the customer never used before. */
export function useCatalogue(vocabulary: Vocabulary, phrases: string[]) {
  const asked = phrases.filter(each => each.length <= PHRASE_LETTERS).slice(0, LOOK_UPS)
  const answers = useQueries({
    queries: asked.map(phrase => ({
      queryKey: ['products', 'named', phrase],
      queryFn: () => findProducts(phrase),
      staleTime: STALE_MS,
      retry: false,
    })),
    combine: results => ({
      found: results.flatMap(each => each.data ?? []),
      loading: results.some(each => each.isLoading),
    }),
  })
  const known = answers.found.map(({ code }) => code).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the codes say whether anything is new
  const both = useMemo(
    () =>
      joined(
        vocabulary,
        answers.found.map(({ code, name, unit }) => ({ code, name, unit })),
      ),
    [vocabulary, known],
  )
  return { vocabulary: both, loading: answers.loading }
}
