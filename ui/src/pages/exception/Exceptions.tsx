import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { type ExceptionQuery, useExceptions } from '../../api/admin'
import type { Exception, ExceptionPage } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useTrail } from '../../app/trail'
import { useWords } from '../../i18n'
import { useHeld } from '../../table/heldRows'
import { Empty, Failed, Loading } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { Remaining, Since, When } from '../../ui/Time'
import { useWide } from '../../ui/useWide'
import { ExceptionDetail } from './ExceptionDetail'

const PREVIEW_FROM = 1280
const keyOf = (row: Exception) => row.id

/** How many are open of each kind, and since when the oldest. A counter filters the queue. */
function Counters({
  counts,
  kind,
  onChoose,
}: {
  counts: ExceptionPage['counts']
  kind?: string
  onChoose: (kind?: string) => void
}) {
  const { code } = useWords()
  return (
    <div className="counters" data-testid="exceptions.counts" data-live="order">
      {Object.entries(counts).map(([name, count]) => (
        <button
          key={name}
          type="button"
          className="counter"
          aria-pressed={kind === name}
          onClick={() => onChoose(kind === name ? undefined : name)}
          data-testid={`exceptions.kind:${name}`}
          data-count={count.open}
        >
          <span className="count-number ink-red">{count.open}</span>
          <span>{code('exception_kind', name)}</span>
          <span className="quiet">
            <Since at={count.oldest_at} />
          </span>
        </button>
      ))}
    </div>
  )
}

function Row({
  row,
  gone,
  current,
  onOpen,
}: {
  row: Exception
  gone: boolean
  current: boolean
  onOpen: () => void
}) {
  const { t, words } = useWords()
  return (
    <li id={`exception-${row.id}`}>
      <button
        type="button"
        className={gone ? 'task-row gone' : 'task-row'}
        aria-current={current || undefined}
        onClick={onOpen}
        data-row
        data-testid={`exceptions.row:${row.order_number}`}
        data-kind={row.kind}
      >
        <span className="task-row-top">
          <span className="strong">{words(row.title)}</span>
          <span className="grow clip">
            {row.order_number} · {row.customer_name}
          </span>
        </span>
        <span className="task-row-mid">
          <span className="grow clip" title={words(row.cause)}>
            {words(row.cause)}
          </span>
        </span>
        <span className="task-row-low">
          {row.state === 'open' ? (
            <Remaining due={row.due_at} since={row.opened_at} />
          ) : (
            <When at={row.closed_at} />
          )}
          <span className="quiet">
            {row.taken_by
              ? t('exception.taken', { who: row.taken_by.name })
              : t('exception.owner', { who: words(row.owner.name) })}
          </span>
        </span>
      </button>
    </li>
  )
}

export default function Exceptions() {
  const { t } = useWords()
  const navigate = useNavigate()
  const query = useSearch({ from: '/exceptions' })
  const wide = useWide(PREVIEW_FROM)
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useExceptions(query)
  const items = useMemo(() => data?.pages.flatMap(page => page.items), [data])
  const counts = data?.pages[0]?.counts ?? {}
  const { held, waiting, show } = useHeld(items, keyOf, JSON.stringify(query))
  const [cursor, setCursor] = useState<string>()
  const [sheet, setSheet] = useState(false)
  const rows = held.map(each => each.row)
  useTrail([...new Set(rows.map(row => row.order_id))])
  const current = rows.find(row => row.id === cursor)
  const first = rows[0]?.id
  useEffect(() => {
    if (!current && first) setCursor(first)
  }, [current, first])
  const change = (next: Partial<ExceptionQuery>) =>
    navigate({ to: '/exceptions', search: { ...query, ...next } })
  const move = (by: number) => {
    const at = rows.findIndex(row => row.id === cursor)
    const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.id
    setCursor(next)
    document.getElementById(`exception-${next}`)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    enter: () =>
      wide ? current && navigate({ to: '/orders/$id', params: { id: current.order_id } }) : setSheet(true),
    escape: () => setSheet(false),
  })
  const detail = current && <ExceptionDetail key={current.id} found={current} />
  return (
    <div className="page exceptions" data-testid="exceptions.page">
      <div className="page-head">
        <h1>{t('nav.exceptions')}</h1>
        <Checkbox
          checked={query.owner === 'mine'}
          onChange={event => change({ owner: event.target.checked ? 'mine' : undefined })}
          data-testid="exceptions.mine"
        >
          {t('exception.mine')}
        </Checkbox>
      </div>
      <Counters counts={counts} kind={query.kind} onChoose={kind => change({ kind, state: 'open' })} />
      <TabBar
        id="exceptions.state"
        label={t('nav.exceptions')}
        value={query.state}
        options={(['open', 'closed'] as const).map(key => ({ key, text: t(`exception.state.${key}`) }))}
        onChange={state => change({ state })}
      />
      {waiting > 0 && (
        <button
          type="button"
          className="pill-new"
          onClick={show}
          data-testid="exceptions.new"
          data-live="order"
        >
          {t('exception.new_rows', { count: waiting })}
        </button>
      )}
      {isPending && <Loading />}
      {error && !data && <Failed id="exceptions" error={error} retry={() => refetch()} />}
      {data && rows.length === 0 && (
        <Empty id="exceptions" text={t(query.state === 'open' ? 'exception.none' : 'exception.none_closed')}>
          {(query.kind || query.owner) && (
            <Button
              onClick={() => change({ kind: undefined, owner: undefined })}
              data-testid="exceptions.clear"
            >
              {t('action.clear_filter')}
            </Button>
          )}
        </Empty>
      )}
      <div className="tasks-split">
        <div className="task-list" data-testid="exceptions.list" data-count={rows.length} data-live="order">
          <ul>
            {held.map(({ row, goneAt }) => (
              <Row
                key={row.id}
                row={row}
                gone={goneAt !== null}
                current={row.id === cursor}
                onOpen={() => {
                  setCursor(row.id)
                  if (!wide) setSheet(true)
                }}
              />
            ))}
          </ul>
          {hasNextPage && (
            <Button
              block
              loading={isFetchingNextPage}
              onClick={() => fetchNextPage()}
              data-testid="exceptions.more"
            >
              {t('action.load_more')}
            </Button>
          )}
        </div>
        {wide && current && <aside className="task-side">{detail}</aside>}
      </div>
      {!wide && sheet && current && (
        <div className="sheet" role="dialog" aria-modal="true" aria-label={current.order_number}>
          <Button
            className="sheet-close"
            onClick={() => setSheet(false)}
            data-testid="exceptions.sheet_close"
          >
            {t('action.back')}
          </Button>
          {detail}
        </div>
      )}
    </div>
  )
}
