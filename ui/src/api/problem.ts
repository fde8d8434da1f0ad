import type { Finding } from './types'

interface ProblemBody {
  title?: string
  detail?: string
  code?: string
  findings?: Finding[]
  request_id?: string
}

/** An RFC 9457 answer of the server, or `offline` when there was no answer at all. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly findings: Finding[]
  readonly requestId: string

  constructor(status: number, body: ProblemBody = {}) {
    super(body.detail || body.title || body.code || String(status))
    this.status = status
    this.code = body.code ?? (status === 0 ? 'offline' : 'unknown')
    this.title = body.title ?? ''
    this.detail = body.detail ?? ''
    this.findings = body.findings ?? []
    this.requestId = body.request_id ?? ''
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}))
  return new Problem(response.status, typeof body === 'object' && body ? body : {})
}

export const asProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, { detail: '' })

/** A bulk write answers well even if it left items out; whoever sent one item wants that as a refusal. */
export function leftOut<Answer extends { findings: unknown[] }>(answer: Answer): Answer {
  if (answer.findings.length)
    throw new Problem(422, { code: 'left_out', findings: answer.findings as Finding[] })
  return answer
}
