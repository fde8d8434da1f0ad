import { CheckCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Checkbox, Input } from 'antd'
import { type FormEvent, Fragment, useState } from 'react'
import { type AuditQuery, useAudit, useEvidence, useMay, useVerify } from '../../api/admin'
import type { Period } from '../../api/report'
import type { AuditRow, Damage } from '../../api/types'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading, Refusal } from '../../ui/states'
import { useZone, When } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { EventLogFiles } from '../report/EventLogFiles'
import { lastDays } from '../report/period'

const fields = ['order', 'actor', 'action', 'from', 'to'] as const
/** What the log holds most of, and is asked for least. */
const DELIVERIES = 'record_delivery'
const isTime = (field: string) => field === 'from' || field === 'to'

/** What a field for a time holds is local; the search wants instants. */
const instant = (text: string) => (text ? new Date(text).toISOString() : undefined)

function Filters({ query, onSearch }: { query: AuditQuery; onSearch: (query: AuditQuery) => void }) {
  const { t } = useWords()
  const [typed, setTyped] = useState<Record<string, string>>(
    Object.fromEntries(fields.map(field => [field, isTime(field) ? '' : (query[field] ?? '')])),
  )
  const search = (event: FormEvent) => {
    event.preventDefault()
    const value = (field: string) =>
      isTime(field) ? instant(typed[field] ?? '') : typed[field]?.trim() || undefined
    onSearch({ ...Object.fromEntries(fields.map(field => [field, value(field)])), without: query.without })
  }
  return (
    <form className="audit-filters" onSubmit={search}>
      {fields.map(field => (
        <label key={field} className="field">
          <span>{t(`audit.${field}`)}</span>
          <Input
            type={isTime(field) ? 'datetime-local' : 'text'}
            placeholder={isTime(field) ? undefined : t(`audit.hint.${field}`)}
            value={typed[field]}
            onChange={event => setTyped({ ...typed, [field]: event.target.value })}
            data-list-search={field === 'order' || undefined}
            data-testid={`audit.field:${field}`}
          />
        </label>
      ))}
      <Button type="primary" htmlType="submit" data-testid="audit.search">
        {t('action.search')}
      </Button>
      <Checkbox
        className="audit-without"
        checked={query.without === DELIVERIES}
        onChange={event => onSearch({ ...query, without: event.target.checked ? DELIVERIES : undefined })}
        data-testid="audit.without_deliveries"
      >
        {t('audit.without_deliveries')}
      </Checkbox>
    </form>
  )
}

/** The first entry that does not fit, with what stands before and after it, so that it can be judged. */
function Damaged({ damage }: { damage: Damage }) {
  const { t, words } = useWords()
  const order = damage.around.find(row => row.seq === damage.seq)?.order_id
  return (
    <>
      <p className="strong">
        {t('audit.damaged_at', { seq: damage.seq, what: words(damage.what) })} <code>{damage.detail}</code>
      </p>
      <ul className="rows" data-testid="audit.around" data-count={damage.around.length}>
        {damage.around.map(row => (
          <li key={row.seq} className={row.seq === damage.seq ? 'strong' : 'quiet'}>
            <span className="num">{row.seq}</span> <When at={row.at} /> {words(row.title)} · {row.actor.name}
            {row.reason && ` · ${row.reason}`}
          </li>
        ))}
      </ul>
      {order ? (
        <Link
          to="/orders/$id"
          params={{ id: order }}
          search={{ tab: 'timeline' }}
          data-testid="audit.damaged_order"
        >
          {t('audit.open_order')}
        </Link>
      ) : (
        <code>{damage.subject}</code>
      )}
    </>
  )
}

function Verify() {
  const { t } = useWords()
  const may = useMay()
  const verify = useVerify()
  const evidence = useEvidence()
  const report = verify.data
  if (!may('verify_audit')) return null
  return (
    <div className="audit-verify">
      <Button loading={verify.isPending} onClick={() => verify.mutate()} data-testid="audit.verify">
        {t('audit.verify')}
      </Button>
      <Button loading={evidence.isPending} onClick={() => evidence.mutate()} data-testid="audit.evidence">
        {t('audit.evidence')}
      </Button>
      <Refusal id="audit.verify" error={verify.error ?? evidence.error} />
      {report && (
        <Alert
          type={report.ok ? 'success' : 'error'}
          showIcon
          icon={report.ok ? <CheckCircleOutlined aria-hidden /> : <WarningOutlined aria-hidden />}
          data-testid="audit.report"
          data-ok={report.ok}
          title={t(report.ok ? 'audit.intact' : 'audit.broken', {
            entries: report.entries,
            sealed: report.sealed,
            unsealed: report.unsealed,
          })}
          description={report.first_problem && <Damaged damage={report.first_problem} />}
        />
      )}
    </div>
  )
}

function Details({ row }: { row: AuditRow }) {
  const { t } = useWords()
  return (
    <div className="audit-details">
      <dl className="facts">
        {(['subject', 'hash', 'prev'] as const).map(key => (
          <div key={key}>
            <dt>{t(`audit.${key}`)}</dt>
            <dd>
              <code>{row[key]}</code>
            </dd>
          </div>
        ))}
      </dl>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{JSON.stringify(row.events, null, 2)}</pre>
    </div>
  )
}

function Row({ row }: { row: AuditRow }) {
  const { t, words, code, system } = useWords()
  const [open, setOpen] = useState(false)
  const who =
    row.actor.kind === 'person'
      ? row.actor.name
      : `${code('actor', row.actor.kind)} · ${system(row.actor.name)}`
  return (
    <Fragment>
      <tr data-testid={`audit.row:${row.seq}`} data-action={row.action}>
        <td className="num">{row.seq}</td>
        <td data-label={t('audit.at')}>
          <When at={row.at} />
        </td>
        <td data-label={t('audit.actor')}>
          {who}
          {row.actor.on_behalf && ` ${t('timeline.on_behalf', { who: words(row.actor.on_behalf) })}`}
        </td>
        <td data-label={t('audit.action')}>{words(row.title)}</td>
        <td data-label={t('audit.order')}>
          {row.order_id ? (
            <Link to="/orders/$id" params={{ id: row.order_id }} search={{ tab: 'timeline' }}>
              {t('audit.open_order')}
            </Link>
          ) : (
            <span className="quiet">{row.subject}</span>
          )}
        </td>
        <td data-label={t('task.reason')} className="audit-reason">
          {row.reason}
        </td>
        <td>
          <Button
            size="small"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            data-testid={`audit.details:${row.seq}`}
          >
            {t(open ? 'action.close' : 'audit.details')}
          </Button>
        </td>
      </tr>
      {open && (
        <tr>
          <td colSpan={7}>
            <Details row={row} />
          </td>
        </tr>
      )}
    </Fragment>
  )
}

/** The days that are searched, or the last ones up to their end. */
function periodOf({ from, to }: AuditQuery, zone: string): Period {
  const day = (text: string) => dayIn(Date.parse(text), zone)
  const period = lastDays(30, to ? day(to) : dayIn(Date.now(), zone))
  return from ? { ...period, from: day(from) } : period
}

/** The log, searched by order, person, action and time, and proved to be whole. */
export default function Audit() {
  const { t } = useWords()
  const navigate = useNavigate()
  const query = useSearch({ from: '/audit' })
  const zone = useZone()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useAudit(query)
  const rows = data?.pages.flatMap(page => page.items) ?? []
  const columns = ['seq', 'at', 'actor', 'action', 'order'] as const
  return (
    <div className="page audit" data-testid="audit.page">
      <div className="page-head">
        <h1>{t('nav.audit')}</h1>
        <EventLogFiles period={periodOf(query, zone)} />
        <Verify />
      </div>
      <Filters query={query} onSearch={next => navigate({ to: '/audit', search: next })} />
      {isPending && <Loading rows={10} />}
      {error && !data && <Failed id="audit" error={error} retry={() => refetch()} />}
      {data && rows.length === 0 && (
        <Empty id="audit" text={t('audit.none')}>
          <Button onClick={() => navigate({ to: '/audit', search: {} })} data-testid="audit.clear">
            {t('action.clear_filter')}
          </Button>
        </Empty>
      )}
      {rows.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="table-wrap card" tabIndex={0} aria-label={t('nav.audit')}>
          <table className="table table-cards" data-testid="audit.list" data-count={rows.length}>
            <thead>
              <tr>
                {columns.map(column => (
                  <th key={column}>{t(`audit.${column}`)}</th>
                ))}
                <th>{t('task.reason')}</th>
                <th>{t('audit.details')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(row => (
                <Row key={row.seq} row={row} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => fetchNextPage()} data-testid="audit.more">
          {t('action.load_more')}
        </Button>
      )}
    </div>
  )
}
