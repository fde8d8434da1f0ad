import createClient, { type Middleware } from 'openapi-fetch'
import { Problem, problemOf } from './problem'
import type { paths } from './schema'

/** Facts of the session every request carries. Set by the session hooks, read here. */
export const session = {
  csrf: '',
  lang: 'zh' as 'zh' | 'en',
  /** For whom this page was drawn; unknown before somebody is. */
  side: undefined as Side | undefined,
}

/** `own`, `practice`, or at whom one looks: `view:<id>`. */
export type Side = 'own' | 'practice' | `view:${string}`
function sideOf(headers: Headers): Side {
  if (headers.get('x-ordain-practice') === '1') return 'practice'
  const viewed = headers.get('x-ordain-view')
  return viewed ? `view:${viewed}` : 'own'
}
/** What changes the side by itself. */
const crossing = /\/(practice|view)$/

const unsafe = new Set(['POST', 'PUT', 'DELETE', 'PATCH'])

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', session.lang)
    if (unsafe.has(request.method) && session.csrf) request.headers.set('X-Ordain-CSRF', session.csrf)
    return request
  },
  async onResponse({ request, response }) {
    // Another window of this browser went over to another side, or came back: what is shown here is of the old one.
    const known = session.side !== undefined && response.status !== 401
    if (known && sideOf(response.headers) !== session.side && !crossing.test(request.url)) location.reload()
    if (!response.ok) throw await problemOf(response)
    return response
  },
  onError({ error }) {
    return error instanceof Error ? new Problem(0) : undefined
  },
}

export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  credentials: 'same-origin',
})
api.use(headers)

/** The body of an answer; a refusal has already been thrown as a Problem. */
export async function take<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data } = await call
  return data as T
}
