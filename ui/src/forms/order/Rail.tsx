import { memo } from 'react'
import type { CheckAnswer, RouteStep } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'

function who(step: RouteStep, words: ReturnType<typeof useWords>['words'], comma: string): string {
  if (!step.who) return step.by?.name ?? ''
  return step.who.persons.map(person => person.name).join(comma) || words(step.who.name)
}

/** While the order is not complete, what the checks found nothing about is not settled either. */
function RouteLine({ step, complete }: { step: RouteStep; complete: boolean }) {
  const { t, words, code } = useWords()
  return (
    <li data-testid={`entry.route:${step.node_id}`}>
      <span className="strong">{words(step.name)}</span>{' '}
      <span className="quiet">
        {step.by_rule
          ? t(complete ? 'order.by_rule' : 'entry.route_open')
          : who(step, words, t('list.comma')) || code('department', step.department)}
      </span>
      {words(step.because) && (complete || !step.by_rule) && (
        <div className="quiet">{words(step.because)}</div>
      )}
    </li>
  )
}

/** What it comes to, where it will go and whether the credit carries it. */
export const Rail = memo(function Rail({
  answer,
  currency,
  complete,
}: {
  answer: CheckAnswer | null
  currency: string
  complete: boolean
}) {
  const { t } = useWords()
  const totals = answer?.totals
  const credit = answer?.customer?.credit
  return (
    <aside className="rail" aria-label={t('entry.rail')}>
      <section className="card form-card">
        <h2>{t('order.totals')}</h2>
        <dl className="facts facts-sum">
          {(['net', 'tax', 'gross'] as const).map(part => (
            <div key={part}>
              <dt>{t(`totals.${part}`)}</dt>
              <dd data-testid={`entry.total:${part}`}>
                <Money
                  value={totals?.[part]}
                  currency={totals?.currency ?? currency}
                  strong={part === 'gross'}
                />
              </dd>
            </div>
          ))}
          {credit && (
            <>
              <div>
                <dt>{t('entry.credit_limit')}</dt>
                <dd>
                  <Money value={credit.limit} currency={currency} />
                </dd>
              </div>
              <div>
                <dt>{t('entry.credit_available')}</dt>
                <dd data-testid="entry.credit">
                  <span className={credit.left.startsWith('-') ? 'ink-red' : undefined}>
                    <Money value={credit.left} currency={currency} strong />
                  </span>
                </dd>
              </div>
            </>
          )}
        </dl>
      </section>
      <section className="card form-card">
        <h2>{t('entry.route')}</h2>
        {answer?.route.length ? (
          <ol className="route" data-testid="entry.route" data-count={answer.route.length} data-live="route">
            {answer.route
              .filter(step => step.state !== 'skipped')
              .map(step => (
                <RouteLine key={step.node_id} step={step} complete={complete} />
              ))}
          </ol>
        ) : (
          <p className="quiet">{t('entry.route_none')}</p>
        )}
      </section>
    </aside>
  )
})
