import { CheckOutlined, CloseOutlined } from '@ant-design/icons'
import { useWhy } from '../../../api/hooks'
import type { Assignee, WaitingOn, Why } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Failed, Loading } from '../../../ui/states'
import { Remaining, Since } from '../../../ui/Time'

export function useAssignee() {
  const { words, t } = useWords()
  return (who: Assignee) =>
    who.persons.length && who.kind !== 'user'
      ? t('people.of', {
          party: words(who.name),
          who: who.persons.map(person => person.name).join(t('list.comma')),
        })
      : words(who.name)
}

function Waiting({ item }: { item: WaitingOn }) {
  const { t, words, code } = useWords()
  const nameOf = useAssignee()
  return (
    <li className="waiting">
      <p>
        <span className="strong">{words(item.node_name) || code('waiting', item.kind)}</span>
        {item.who && <> · {nameOf(item.who)}</>} · <Since at={item.since} />{' '}
        {item.due_at && <Remaining due={item.due_at} since={item.since} />}
      </p>
      {item.because.length > 0 && (
        <ul className="because">
          {item.because.map(reason => (
            <li key={`${reason.finding_code ?? ''}${reason.text.zh}`}>{words(reason.text)}</li>
          ))}
        </ul>
      )}
      {words(item.releases) && <p className="quiet">{t('why.releases', { what: words(item.releases) })}</p>}
    </li>
  )
}

/** What a rule decided, with each row of its condition and whether it held. */
export function Rows({ decision }: { decision: Why['decisions'][number] }) {
  const { t, words } = useWords()
  return (
    <details>
      <summary>{words(decision.text)}</summary>
      <ul className="because">
        {decision.rows.map(row => (
          <li key={`${row.field}${row.text.zh}`}>
            {row.holds ? (
              <CheckOutlined className="ink-green" aria-label={t('why.holds')} role="img" />
            ) : (
              <CloseOutlined className="ink-red" aria-label={t('why.fails')} role="img" />
            )}{' '}
            {words(row.text)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Why is it waiting: on whom, since when, which rule with which values, and what would release it. */
export function WhyPanel({ id }: { id: string }) {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useWhy(id)
  if (isPending) return <Loading rows={3} />
  if (!data) return <Failed id="order.why" error={error} retry={() => refetch()} />
  if (!data.waiting_on.length && !data.decisions.length) return null
  return (
    <section className="why" data-testid="order.why" data-live="order">
      <h3>{t('why.title')}</h3>
      <ul data-count={data.waiting_on.length}>
        {data.waiting_on.map(item => (
          <Waiting key={`${item.kind}${item.node_id ?? ''}${item.task_id ?? ''}`} item={item} />
        ))}
      </ul>
      {data.decisions.map(decision => (
        <Rows key={decision.node_id} decision={decision} />
      ))}
    </section>
  )
}
