import { Alert, Button, Skeleton } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { asProblem } from '../api/problem'
import { useWords } from '../i18n'
import { useDetail } from './Time'

/** Nothing for 150 ms, then a skeleton; after 5 s a word about it (G1). */
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useWords()
  const [phase, setPhase] = useState<'hidden' | 'shown' | 'slow'>('hidden')
  useEffect(() => {
    const soon = setTimeout(() => setPhase('shown'), 150)
    const late = setTimeout(() => setPhase('slow'), 5000)
    return () => {
      clearTimeout(soon)
      clearTimeout(late)
    }
  }, [])
  if (phase === 'hidden') return <div className="loading" aria-busy="true" />
  return (
    <div className="loading" aria-busy="true" role="status" aria-label={t('state.loading')}>
      {phase === 'slow' && <p className="quiet">{t('state.slow')}</p>}
      <Skeleton active title={false} paragraph={{ rows }} />
    </div>
  )
}

/** A failed region (G3), no permission (G4) or no connection (G6). The rest of the page stays usable. */
export function Failed({ error, retry, id = 'page' }: { error: unknown; retry?: () => void; id?: string }) {
  const { t } = useWords()
  const detailOf = useDetail()
  const problem = asProblem(error)
  const reason = detailOf(problem) || t('state.no_answer')
  const title =
    problem.status === 403
      ? t('state.forbidden', { reason })
      : problem.status === 404
        ? t('state.not_found')
        : problem.status === 0
          ? t('state.offline')
          : t('state.failed', { reason })
  return (
    <Alert
      type={problem.status === 403 || problem.status === 404 ? 'info' : 'error'}
      showIcon
      className="failed"
      data-testid={`${id}.error`}
      title={title}
      description={problem.requestId && <CopyCode label={t('state.request_id')} value={problem.requestId} />}
      action={
        retry && (
          <Button size="small" onClick={retry} data-testid={`${id}.retry`}>
            {t('action.retry')}
          </Button>
        )
      }
    />
  )
}

/**
 * The whole page cannot be shown: what is asked for is not there or not for this person (G4), or the answer
 * failed. With a way on in each case.
 */
export function PageFailed({
  error,
  retry,
  id,
  missing,
  children,
}: {
  error: unknown
  retry?: () => void
  id: string
  /** What was looked for, in a sentence. */
  missing?: string
  children?: ReactNode
}) {
  const { t } = useWords()
  const detailOf = useDetail()
  const problem = asProblem(error)
  if (problem.status !== 403 && problem.status !== 404)
    return (
      <div className="page">
        <Failed error={error} retry={retry} id={id} />
      </div>
    )
  const forbidden = problem.status === 403
  const reason = detailOf(problem)
  return (
    <div className="page page-state card" data-testid={`${id}.error`} data-status={problem.status}>
      <h1>{forbidden ? t('state.no_right') : (missing ?? t('state.not_found'))}</h1>
      <p className="quiet">{forbidden ? `${reason} ${t('state.ask_right')}` : t('state.check_address')}</p>
      <p>{children}</p>
      {problem.requestId && <CopyCode label={t('state.request_id')} value={problem.requestId} />}
    </div>
  )
}

export function CopyCode({ label, value }: { label: string; value: string }) {
  const { t } = useWords()
  return (
    <span className="quiet">
      {label} <code>{value}</code>{' '}
      <Button
        type="link"
        size="small"
        onClick={() => navigator.clipboard?.writeText(value)}
        data-testid="page.copy"
      >
        {t('action.copy')}
      </Button>
    </span>
  )
}

/** One sentence, at most one button (G2). */
export function Empty({ text, children, id = 'page' }: { text: string; children?: ReactNode; id?: string }) {
  return (
    <div className="empty" data-testid={`${id}.empty`}>
      <p>{text}</p>
      {children}
    </div>
  )
}

/** What the last write was refused for, next to where it was made. */
export function Refusal({ error, id }: { error: unknown; id: string }) {
  const { t } = useWords()
  const detailOf = useDetail()
  if (!error) return null
  const problem = asProblem(error)
  return (
    <Alert
      type="error"
      showIcon
      className="refusal"
      role="alert"
      data-testid={`${id}.refusal`}
      title={problem.status === 0 ? t('state.write_offline') : detailOf(problem)}
      description={problem.requestId && <CopyCode label={t('state.request_id')} value={problem.requestId} />}
    />
  )
}
