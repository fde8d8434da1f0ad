import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useMe, useTasks, useWorkbench } from '../../api/hooks'
import type { Problem } from '../../api/problem'
import type { Queue, Task } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useTrail } from '../../app/trail'
import { useWords } from '../../i18n'
import { useHeld } from '../../table/heldRows'
import { useNow } from '../../ui/clock'
import { Empty, Failed, Loading } from '../../ui/states'
import { useDetail, useZone } from '../../ui/Time'
import { useWide } from '../../ui/useWide'
import { BatchBar } from './BatchBar'
import { BatchDialog } from './BatchDialog'
import { askedFor, filterOf, type TaskFilter } from './filter'
import { grouped, nextAfter, sizeOf } from './groups'
import { Shortages } from './Shortages'
import { TaskFilters } from './TaskFilters'
import { TaskPreview } from './TaskPreview'
import { TaskRow } from './TaskRow'
import { TaskTabs } from './TaskTabs'

const PREVIEW_FROM = 1280
const keyOf = (task: Task) => task.id

export default function Tasks() {
  const search = useSearch({ from: '/tasks' })
  if (search.queue === 'shortages') return <Shortages />
  // The router hands on what it does not know.
  return <Queued queue={search.queue} filter={filterOf(search)} />
}

function Queued({ queue, filter }: { queue: Queue; filter: TaskFilter }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const wide = useWide(PREVIEW_FROM)
  const now = useNow()
  const zone = useZone()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTasks(
    queue,
    filter,
  )
  const items = useMemo(() => data?.pages.flatMap(page => page.items), [data])
  const counts = data?.pages[0]?.counts
  const filtered = askedFor(filter) > 0
  const { held, waiting, show, drop } = useHeld(items, keyOf, JSON.stringify([queue, filter]))
  const groups = grouped(held, queue, now, zone)
  const workbench = useWorkbench()
  const { data: me } = useMe()
  const detailOf = useDetail()
  const ids = groups.flatMap(group => group.rows.filter(each => !each.goneAt).map(each => each.row.id))
  useTrail(groups.flatMap(group => group.rows.map(each => each.row.order_id)))
  const [cursor, setCursor] = useState<string>()
  const [sheet, setSheet] = useState(false)
  const [stale, setStale] = useState<{ number: string; detail: string }>()

  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [batching, setBatching] = useState<Task[]>()
  const chosen = held.filter(each => !each.goneAt && ticked.has(each.row.id)).map(each => each.row)
  const together = queue === 'mine' || queue === 'pool' || queue === 'standby'
  const tick = (id: string) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    setTicked(next)
  }
  const shown = held.find(each => each.row.id === cursor)
  const current = shown?.row
  const firstId = ids[0]
  useEffect(() => {
    if (!current && firstId) setCursor(firstId)
  }, [current, firstId])

  const clear = () => navigate({ to: '/tasks', search: { queue } })
  const move = (by: number) => {
    const at = cursor ? ids.indexOf(cursor) : -1
    const next = ids[Math.min(Math.max(at + by, 0), ids.length - 1)]
    if (!next) return
    setCursor(next)
    document.getElementById(`task-${next}`)?.scrollIntoView({ block: 'nearest' })
  }
  const leave = (id: string) => {
    const next = nextAfter(ids, id)
    setCursor(next)
    if (!next) setSheet(false)
  }
  const onDecided = (task: Task) => {
    setStale(undefined)
    leave(task.id)
    drop(task.id)
  }
  const onStale = (task: Task, problem: Problem) => {
    setStale({ number: task.order_number, detail: detailOf(problem) })
    leave(task.id)
    void refetch()
  }
  const open = () => {
    if (!current) return
    if (wide) void navigate({ to: '/orders/$id', params: { id: current.order_id } })
    else setSheet(true)
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    enter: open,
    escape: () => setSheet(false),
    x: () => together && cursor && tick(cursor),
  })

  const preview = current && (
    <TaskPreview
      key={current.id}
      task={current}
      gone={shown.goneAt !== null}
      onDecided={onDecided}
      onStale={onStale}
    />
  )
  return (
    <div className="page tasks" data-testid="tasks.page">
      <div className="page-head">
        <h1>{t('nav.tasks')}</h1>
      </div>
      <TaskTabs value={queue} counts={counts} onLeave={() => setTicked(new Set())} />
      <TaskFilters
        filter={filter}
        onChange={next => navigate({ to: '/tasks', search: { queue, ...filter, ...next } })}
        onClear={clear}
      />
      {stale && (
        <Alert
          type="warning"
          showIcon
          closable={{ onClose: () => setStale(undefined) }}
          data-testid="tasks.stale"
          title={t('task.stale', { number: stale.number, detail: stale.detail })}
        />
      )}
      {waiting > 0 && (
        <button type="button" className="pill-new" onClick={show} data-testid="tasks.new" data-live="task">
          {t('task.new_rows', { count: waiting })}
        </button>
      )}
      {chosen.length > 0 && (
        <BatchBar
          count={chosen.length}
          onAll={() => setTicked(new Set(ids))}
          onNone={() => setTicked(new Set())}
          onApprove={() => setBatching(chosen)}
        />
      )}
      {batching && (
        <BatchDialog
          tasks={batching}
          onDone={decided => setTicked(new Set([...ticked].filter(id => !decided.includes(id))))}
          onClose={() => setBatching(undefined)}
        />
      )}
      {isPending && <Loading />}
      {error && !data && <Failed id="tasks" error={error} retry={() => refetch()} />}
      {data && groups.length === 0 && (
        <Empty id="tasks" text={t(filtered ? 'tasks.none_match' : `task.empty.${queue}`)}>
          {filtered && (
            <Button onClick={clear} data-testid="tasks.clear_empty">
              {t('action.clear_filter')}
            </Button>
          )}
          {!filtered && me?.menu.includes('orders') && (
            <Button onClick={() => navigate({ to: '/orders' })} data-testid="tasks.orders">
              {t('workbench.all_orders')}
            </Button>
          )}
        </Empty>
      )}
      <div className="tasks-split">
        <div className="task-list" data-testid="tasks.list" data-count={ids.length} data-live="task">
          {groups.map(group => (
            <section key={group.key} aria-label={t(`group.${group.key}`)}>
              <h2 className={`group-head group-${group.key}`} data-testid={`tasks.group:${group.key}`}>
                {t(`group.${group.key}`)}{' '}
                <span className="num">
                  {filtered
                    ? sizeOf(group, undefined, !hasNextPage, undefined)
                    : sizeOf(group, counts?.[queue], !hasNextPage, workbench.data?.counts)}
                </span>
              </h2>
              <ul>
                {group.rows.map(({ row, goneAt }) => (
                  <TaskRow
                    key={row.id}
                    task={row}
                    gone={goneAt !== null}
                    current={row.id === cursor}
                    ticked={ticked.has(row.id)}
                    onTick={together ? () => tick(row.id) : undefined}
                    onOpen={() => {
                      setCursor(row.id)
                      if (!wide) setSheet(true)
                    }}
                  />
                ))}
              </ul>
            </section>
          ))}
          {hasNextPage && (
            <Button
              block
              loading={isFetchingNextPage}
              onClick={() => fetchNextPage()}
              data-testid="tasks.more"
            >
              {t('action.load_more')}
            </Button>
          )}
        </div>
        {wide && current && <aside className="task-side">{preview}</aside>}
      </div>
      {!wide && sheet && current && (
        <div className="sheet" role="dialog" aria-modal="true" aria-label={current.order_number}>
          <Button className="sheet-close" onClick={() => setSheet(false)} data-testid="tasks.sheet_close">
            {t('action.back')}
          </Button>
          {preview}
        </div>
      )}
    </div>
  )
}
