import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import type { Figures } from '../../api/report'
import {
  type Review,
  type ReviewBody,
  type Tagged,
  usePutReview,
  useReview,
  useReviewMonths,
} from '../../api/settings'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Empty, Failed, Loading, Refusal } from '../../ui/states'
import { durationWords } from '../../ui/time'

const counts = [
  'received',
  'confirmed',
  'first_pass',
  'with_exception',
  'lost',
  'recovered',
  'returned',
  'changed',
  'complaints',
] as const satisfies readonly (keyof Figures)[]
const times = ['cycle_mean', 'cycle_p50', 'cycle_p90'] as const satisfies readonly (keyof Figures)[]

type Written = ReviewBody & { keys: string[] }
type Act = ReviewBody['actions'][number]
const NEW: Act = {
  id: null,
  text: '',
  owner: '',
  owner_name: null,
  due: '',
  done_on: null,
  since: null,
}

/** The figures of the month beside those of the one before and of what the company started from. */
function Numbers({ review }: { review: Review }) {
  const { t } = useWords()
  const time = (minutes: number | null | undefined) =>
    minutes == null ? '–' : durationWords(minutes * 60_000, t)
  return (
    <table className="table" data-testid="review.numbers">
      <thead>
        <tr>
          <th>{t('review.figure')}</th>
          <th className="right">{t('review.this_month')}</th>
          <th className="right">{t('review.month_before')}</th>
          <th className="right">{t('review.baseline')}</th>
          <th className="right">{t('review.target')}</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(name => (
          <tr key={name}>
            <td>{t(`review.${name}`)}</td>
            <td className="right">{review.figures[name]}</td>
            <td className="right">{review.previous[name]}</td>
            <td className="right">–</td>
            <td className="right">–</td>
          </tr>
        ))}
        {times.map(name => (
          <tr key={name}>
            <td>{t(`review.${name}`)}</td>
            <td className="right">{time(review.figures[name])}</td>
            <td className="right">{time(review.previous[name])}</td>
            <td className="right">
              {name === 'cycle_mean' ? time(review.targets.cycle_minutes_before) : '–'}
            </td>
            <td className="right">{name === 'cycle_mean' ? time(review.targets.cycle_minutes) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Causes({ review }: { review: Review }) {
  const { t, words, code } = useWords()
  return (
    <div className="report-halves">
      <table className="table">
        <thead>
          <tr>
            <th>{t('report.step')}</th>
            <th className="right">{t('report.decided')}</th>
            <th className="right">{t('report.share')}</th>
          </tr>
        </thead>
        <tbody>
          {review.steps.map((step, at) => (
            <tr key={`${step.department} ${step.node_id}`}>
              <td>
                {words(step.node_name)} <span className="quiet">{code('department', step.department)}</span>{' '}
                {at === 0 && <span className="tag tag-amber">{t('report.bottleneck')}</span>}
              </td>
              <td className="right">{step.decided}</td>
              <td className="right">{Math.round(step.share_permille / 10)}%</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className="table">
        <thead>
          <tr>
            <th>{t('report.reason')}</th>
            <th className="right">{t('report.orders')}</th>
            <th className="right">{t('report.worth')}</th>
          </tr>
        </thead>
        <tbody>
          {review.reasons.map(row => (
            <tr key={row.reason.code}>
              <td>{words(row.reason.name)}</td>
              <td className="right">{row.orders}</td>
              <td className="right">
                <Money value={row.amount} currency={review.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ActRow({
  at,
  act,
  onChange,
  onRemove,
}: {
  at: number
  act: Act
  onChange: (act: Act) => void
  onRemove: () => void
}) {
  const { t } = useWords()
  const put = (part: Partial<Act>) => onChange({ ...act, ...part })
  return (
    <li className="review-act" data-testid={`review.action:${at}`}>
      <Input.TextArea
        autoSize
        aria-label={t('review.action')}
        value={act.text}
        onChange={event => put({ text: event.target.value })}
        data-testid={`review.action.text:${at}`}
      />
      <ColleagueSelect
        id={`review.action.owner:${at}`}
        label={t('review.owner')}
        value={act.owner || undefined}
        self
        onChange={owner => put({ owner: owner ?? '' })}
      />
      <Input
        type="date"
        aria-label={t('review.due')}
        value={act.due}
        onChange={event => put({ due: event.target.value })}
        data-testid={`review.action.due:${at}`}
      />
      <Input
        type="date"
        aria-label={t('review.done_on')}
        value={act.done_on ?? ''}
        onChange={event => put({ done_on: event.target.value || null })}
        data-testid={`review.action.done:${at}`}
      />
      {act.since && <span className="tag tag-amber">{t('review.since', { month: act.since })}</span>}
      <Button type="text" onClick={onRemove} data-testid={`review.action.remove:${at}`}>
        {t('form.remove_row', { n: at + 1 })}
      </Button>
    </li>
  )
}

/** What people found and are going to do about it; what is not done goes on into the next month. */
function Written({ month, read }: { month: string; read: Tagged<Review> }) {
  const { t, words } = useWords()
  const write = usePutReview(month)
  const [mine, setMine] = useState<Written>(() => ({
    findings: read.body.findings,
    actions: read.body.actions,
    keys: read.body.actions.map(act => act.id ?? crypto.randomUUID()),
  }))
  const put = (part: Partial<Written>) => setMine(old => ({ ...old, ...part }))
  const without = <T,>(list: T[], at: number) => list.filter((_, n) => n !== at)
  const replaced = <T,>(list: T[], at: number, item: T) => list.map((old, n) => (n === at ? item : old))
  const send = () => {
    const findings = mine.findings.map(({ code, text }) => ({ code, text }))
    const actions = mine.actions.map(({ id, text, owner, due, done_on }) => ({
      id,
      text,
      owner,
      due,
      done_on,
    }))
    write.mutate({ body: { findings, actions } as ReviewBody, tag: read.tag })
  }
  return (
    <>
      <h3>{t('review.findings')}</h3>
      <ol data-testid="review.findings" data-count={mine.findings.length}>
        {mine.findings.map((finding, at) => (
          <li key={finding.code ? `${finding.code} ${words(finding.said)}` : `own ${at}`}>
            {finding.said && <p>{words(finding.said)}</p>}
            <Input.TextArea
              autoSize
              aria-label={t('review.finding')}
              placeholder={t('review.finding')}
              value={finding.text}
              onChange={event =>
                put({ findings: replaced(mine.findings, at, { ...finding, text: event.target.value }) })
              }
              data-testid={`review.finding:${finding.code ?? at}`}
            />
          </li>
        ))}
      </ol>
      <Button
        type="dashed"
        onClick={() => put({ findings: [...mine.findings, { code: null, said: null, text: '' }] })}
        data-testid="review.finding.add"
      >
        {t('review.add_finding')}
      </Button>
      <h3>{t('review.actions')}</h3>
      <ul className="review-acts" data-testid="review.actions" data-count={mine.actions.length}>
        {mine.actions.map((act, at) => (
          <ActRow
            key={mine.keys[at]}
            at={at}
            act={act}
            onChange={next => put({ actions: replaced(mine.actions, at, next) })}
            onRemove={() => put({ actions: without(mine.actions, at), keys: without(mine.keys, at) })}
          />
        ))}
      </ul>
      <Button
        type="dashed"
        onClick={() =>
          put({
            actions: [...mine.actions, NEW],
            keys: [...mine.keys, crypto.randomUUID()],
          })
        }
        data-testid="review.action.add"
      >
        {t('review.add_action')}
      </Button>
      <p>
        <Button type="primary" loading={write.isPending} onClick={send} data-testid="review.save">
          {t('action.save')}
        </Button>
      </p>
      <Refusal id="review" error={write.error} />
    </>
  )
}

function Month({ month }: { month: string }) {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useReview(month)
  if (isPending) return <Loading rows={6} />
  if (!data) return <Failed id="review" error={error} retry={() => refetch()} />
  return (
    <section data-testid="review.month" data-month={month}>
      <p>
        <Button href={`/api/v1/reviews/${month}/print`} target="_blank" data-testid="review.print">
          {t('review.print')}
        </Button>
      </p>
      <Numbers review={data.body} />
      <Causes review={data.body} />
      <Written key={data.tag} month={month} read={data} />
    </section>
  )
}

/** The reviews that the system makes of each month. */
export function Reviews() {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useReviewMonths()
  const [chosen, setChosen] = useState<string>()
  if (isPending) return <Loading rows={4} />
  if (!data) return <Failed id="review" error={error} retry={() => refetch()} />
  const month = chosen ?? data.months[0]
  if (!month) return <Empty id="review" text={t('review.none')} />
  return (
    <>
      <Select
        aria-label={t('review.month')}
        value={month}
        options={data.months.map(value => ({ value, label: value }))}
        onChange={setChosen}
        data-testid="review.months"
      />
      <Month key={month} month={month} />
    </>
  )
}
