import createClient, { type Middleware } from 'openapi-fetch'
import { Problem, problemOf } from './problem'
import type { paths } from './schema'

/** Facts of the session every request carries. Set by the session hooks, read here. */
export const session = {
  csrf: '',
  lang: 'zh' as 'zh' | 'en',
  /** Whether this page was drawn for practice; unknown before somebody is. */
  practice: undefined as boolean | undefined,
}

const unsafe = new Set(['POST', 'PUT', 'DELETE', 'PATCH'])

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', session.lang)
    if (unsafe.has(request.method) && session.csrf) request.headers.set('X-Ordain-CSRF', session.csrf)
    return request
  },
  async onResponse({ request, response }) {
    // Another window of this browser went over to practice, or came back: what is shown here is of the other side.
    const practice = response.headers.get('x-ordain-practice') === '1'
    const known = session.practice !== undefined && response.status !== 401
    if (known && practice !== session.practice && !request.url.endsWith('/practice')) location.reload()
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
