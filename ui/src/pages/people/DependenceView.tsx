import { WarningOutlined } from '@ant-design/icons'
import type { Dependence } from '../../api/types'
import { useWords } from '../../i18n'
import { When } from '../../ui/Time'

type Step = Dependence['sole'][number]

function Others({ others }: { others: Step['others'] }) {
  const { t } = useWords()
  if (!others.length) return <span className="ink-red">{t('leaver.nobody')}</span>
  return (
    <span className="quiet">
      {t('leaver.others', { who: others.map(each => each.name).join(t('list.comma')) })}
    </span>
  )
}

function Steps({ id, title, steps }: { id: string; title: string; steps: Step[] }) {
  const { words } = useWords()
  if (!steps.length) return null
  return (
    <section className="block">
      <h3>{title}</h3>
      <ul data-testid={`leaver.steps:${id}`} data-count={steps.length}>
        {steps.map(step => (
          <li key={`${step.flow}/${step.version}/${step.node_id}`} className="absence-row">
            {id === 'sole' && (
              <span className="ink-red">
                <WarningOutlined aria-hidden />
              </span>
            )}
            <span className="strong">{words(step.name)}</span>
            <span className="quiet">
              {step.flow} v{step.version}
            </span>
            {id !== 'told' && <Others others={step.others} />}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What breaks if a person is gone tomorrow. */
export function DependenceView({ found }: { found: Dependence }) {
  const { t, code } = useWords()
  const counts = [
    ['open_tasks', found.open_tasks],
    ['overdue_tasks', found.overdue_tasks],
    ['sole', found.sole.length],
    ['customers', found.customers],
  ] as const
  const kept = [
    ...found.warehouses.map(each => ['warehouse', each] as const),
    ...found.product_lines.map(each => ['product_line', each] as const),
  ]
  const nothing =
    !found.sole.length &&
    !found.shared.length &&
    !found.backup.length &&
    !found.told.length &&
    !found.heads.length &&
    !kept.length &&
    !found.duties.length
  return (
    <div data-testid="leaver.dependence" data-sole={found.sole.length} data-open={found.open_tasks}>
      <ul className="counts">
        {counts.map(([key, count]) => (
          <li key={key} className="counter">
            <span
              className={
                key !== 'customers' && key !== 'open_tasks' && count ? 'count-number ink-red' : 'count-number'
              }
            >
              {count}
            </span>
            <span className="count-name">{t(`leaver.count.${key}`)}</span>
          </li>
        ))}
      </ul>
      <Steps id="sole" title={t('leaver.sole')} steps={found.sole} />
      <Steps id="shared" title={t('leaver.shared')} steps={found.shared} />
      <Steps id="backup" title={t('leaver.backup')} steps={found.backup} />
      <Steps id="told" title={t('leaver.told')} steps={found.told} />
      {found.heads.length > 0 && (
        <p>
          {t('leaver.heads', {
            what: found.heads.map(each => code('department', each)).join(t('list.comma')),
          })}
        </p>
      )}
      {found.leads.length > 0 && (
        <p>{t('leaver.leads', { who: found.leads.map(each => each.name).join(t('list.comma')) })}</p>
      )}
      {kept.map(([kind, each]) => (
        <p key={`${kind}/${each.key}`}>
          {t(`leaver.${kind}`, { what: each.key })} · <Others others={each.others} />
        </p>
      ))}
      {found.duties.map(duty => (
        <p key={`${duty.roster}/${duty.from}`}>
          {t('leaver.duty', { roster: duty.roster })} <When at={duty.from} /> – <When at={duty.to} />
        </p>
      ))}
      {nothing && <p className="quiet">{t('leaver.nothing')}</p>}
    </div>
  )
}
