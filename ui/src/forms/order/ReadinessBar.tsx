import { CheckCircleOutlined, LoadingOutlined, MinusCircleOutlined } from '@ant-design/icons'
import { memo } from 'react'
import type { CheckAnswer, Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { moneyWords } from '../../ui/money'
import { Failed } from '../../ui/states'
import { SeverityIcon } from '../../ui/Tags'
import { type Chip, chipState, chips, inChip } from './chips'
import type { Check } from './useCheck'

const NAMED = 24
const tone = { blocker: 'red', warning: 'amber', info: 'blue', ok: 'green', unknown: 'grey' }

function creditLeft(answer: CheckAnswer | null, currency: string) {
  const left = answer?.customer?.credit?.left
  return left ? moneyWords(left, currency) : null
}

/** What still stands between the draft and a submitted order. Every chip and every name jumps to its field (F8). */
export const ReadinessBar = memo(function ReadinessBar({
  check,
  findings,
  currency,
  onJump,
}: {
  check: Check
  findings: Finding[]
  currency: string
  onJump: (finding: Finding) => void
}) {
  const { t, words } = useWords()
  const left = creditLeft(check.answer, currency)
  const rest = findings.length - NAMED
  return (
    <section
      className="readiness card"
      aria-label={t('entry.readiness')}
      aria-busy={check.pending}
      data-live="check"
      data-testid="entry.readiness"
    >
      <div className="readiness-chips">
        {(Object.keys(chips) as Chip[]).map(chip => {
          const own = findings.filter(finding => inChip(chip, finding))
          const state = chipState(chip, check.answer, findings)
          const [first] = own
          return (
            <button
              key={chip}
              type="button"
              className={`tag chip tag-${tone[state]}`}
              disabled={!first}
              onClick={() => first && onJump(first)}
              data-testid={`entry.chip:${chip}`}
              data-count={own.length}
              data-severity={state}
            >
              {state === 'ok' ? (
                <CheckCircleOutlined aria-hidden />
              ) : state === 'unknown' ? (
                <MinusCircleOutlined aria-hidden />
              ) : (
                <SeverityIcon severity={state} />
              )}{' '}
              {t(`chip.${chip}`)} {own.length > 0 && <span className="num">{own.length}</span>}
              {state === 'unknown' && t('entry.unchecked')}
              {chip === 'credit' && !first && state !== 'unknown' && left && t('entry.credit_left', { left })}
            </button>
          )
        })}
        <span className="quiet readiness-state" aria-live="polite">
          {check.pending && (
            <>
              <LoadingOutlined aria-hidden /> {t('entry.checking')}
            </>
          )}
        </span>
        <kbd title={t('help.next_problem')}>F8</kbd>
      </div>
      {Boolean(check.error) && <Failed id="entry.check" error={check.error} retry={check.again} />}
      {findings.length > 0 && (
        <ul className="problems" data-testid="entry.problems" data-count={findings.length}>
          {findings.slice(0, NAMED).map(finding => (
            <li key={finding.id}>
              <button
                type="button"
                className="problem"
                onClick={() => onJump(finding)}
                data-testid={`entry.problem:${finding.path}`}
                data-code={finding.code}
              >
                <SeverityIcon severity={finding.severity} /> {words(finding.message)}
              </button>
            </li>
          ))}
          {rest > 0 && <li className="quiet">{t('entry.more_problems', { count: rest })}</li>}
        </ul>
      )}
    </section>
  )
})
