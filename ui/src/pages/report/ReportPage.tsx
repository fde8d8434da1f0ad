import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMe } from '../../api/hooks'
import type { Traits } from '../../api/report'
import { useKeys } from '../../app/keys'
import { type ReportView, reportViews } from '../../app/places'
import { SavedViews } from '../../app/SavedViews'
import type { Params } from '../../app/viewFilter'
import { useWords } from '../../i18n'
import { Empty } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { AsTables } from './Charted'
import { Digests } from './Digests'
import { EventLogFiles } from './EventLogFiles'
import { Handed } from './Handed'
import { Lost } from './Lost'
import { Operations } from './Operations'
import { Orders } from './Orders'
import { Overview } from './Overview'
import { PeriodChoice } from './PeriodChoice'
import { type Asked, periodOf, SPANS, traitKeys } from './period'
import { Quality } from './Quality'
import { Reviews } from './Reviews'
import { Sla } from './Sla'
import { Speed } from './Speed'
import { TraitFilters } from './TraitFilters'

export interface ReportSearch extends Asked, Traits {
  view: ReportView
  /** What is opened: the orders of a set, and which of them. */
  set?: string
  reason?: string
  cycle?: string
  reached?: string
  part?: string
  from?: string
  to?: string
}

const closed = {
  set: undefined,
  reason: undefined,
  cycle: undefined,
  reached: undefined,
  part: undefined,
  from: undefined,
  to: undefined,
}

/** What is opened is no part of a view. */
const params: Params = {
  view: { values: reportViews, usual: 'overview' },
  days: { values: SPANS.map(String), usual: '30' },
  first: {},
  last: {},
  ...Object.fromEntries(traitKeys.map(key => [key, {}])),
}

const bodies = {
  overview: Overview,
  speed: Speed,
  sla: Sla,
  lost: Lost,
  quality: Quality,
  operations: Operations,
  handed: Handed,
  review: Reviews,
}

/** Boards that count tasks, which belong to a department. */
const ofTasks: readonly ReportView[] = ['sla', 'quality']

/** What management looks at: how long orders take, how many are lost and why, where work waits. */
export default function ReportPage() {
  const { t } = useWords()
  const zone = useZone()
  const { data: me } = useMe()
  const navigate = useNavigate()
  const search = useSearch({ from: '/reports' })
  const change = (next: Partial<ReportSearch>) =>
    navigate({ from: '/reports', to: '/reports', search: old => ({ ...old, ...next }) })
  const Body = bodies[search.view]
  const today = dayIn(Date.now(), zone)
  const asked = periodOf(search, today)
  const departments = ofTasks.includes(search.view)
  const { channel, flow, level, owner } = search
  const department = departments ? search.department : undefined
  const period = asked && { ...asked, channel, flow, level, owner, department }
  const [tables, setTables] = useState(false)
  useKeys({
    ...Object.fromEntries(reportViews.map((view, at) => [String(at + 1), () => change({ view })])),
    f: () => document.querySelector<HTMLElement>('[data-testid^="report.filter:"] input')?.focus(),
    t: () => setTables(!tables),
  })
  return (
    <div className="page report" data-testid="report.page">
      <h1>{t('nav.reports')}</h1>
      <search className="filters">
        <PeriodChoice asked={search} today={today} onChange={change} />
        {period && search.view !== 'review' && (
          <TraitFilters traits={search} period={period} departments={departments} onChange={change} />
        )}
        <Digests />
        {period && <EventLogFiles period={period} />}
      </search>
      <SavedViews page="reports" params={params} tab="view" search={search}>
        <TabBar
          id="report.view"
          label={t('nav.reports')}
          value={search.view}
          options={reportViews.map(view => ({ key: view, text: t(`report.view.${view}`) }))}
          onChange={view => change({ view })}
        />
      </SavedViews>
      {period ? (
        <AsTables value={tables}>
          <Body period={period} onOpen={(set, part) => change({ ...closed, set, ...part })} />
        </AsTables>
      ) : (
        <Empty id="report" text={t('report.period_backwards')} />
      )}
      {search.set && period && (
        <Orders
          key={`${search.set} ${search.reason} ${search.cycle} ${search.reached} ${search.part} ${search.from}`}
          set={search.set}
          period={{ ...period, from: search.from ?? period.from, to: search.to ?? period.to }}
          cut={{
            reason: search.reason,
            cycle: search.cycle,
            reached: search.reached,
            part: search.part,
          }}
          currency={me?.company.currency}
          onClose={() => change(closed)}
        />
      )}
    </div>
  )
}
