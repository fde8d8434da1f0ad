import { Button, Checkbox, Input, Select } from 'antd'
import { useRef, useState } from 'react'
import {
  type MoveClass,
  type Moved,
  type MoveGroup,
  useFlowDoc,
  useMigrate,
  useMovePlan,
  useUndoMove,
} from '../../../api/flows'
import { asProblem } from '../../../api/problem'
import { asksPerson, walk } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { Failed, Loading, Refusal } from '../../../ui/states'

const classes: MoveClass[] = ['A', 'B', 'C', 'X']
/** Blocks that are entered as a whole, where a lane beside the old step is new. */
const concurrent: ReadonlySet<string> = new Set(['parallel', 'inclusive'])
/** Orders sent in one request, so that there is progress to see and a place to stop. */
const STEP = 20

function GroupRow({
  group,
  nameOf,
  target,
  targets,
  onTarget,
}: {
  group: MoveGroup
  nameOf: (id: string) => string
  target: string | undefined
  targets: { value: string; label: string }[]
  onTarget: (to: string) => void
}) {
  const { t } = useWords()
  return (
    <tr data-class={group.class}>
      <td>
        <span className={`class class-${group.class}`}>{group.class}</span>
      </td>
      <td>{nameOf(group.node)}</td>
      <td className="quiet">
        {group.reasons
          .map(each => t(`migrate.reason.${each.reason}`, { defaultValue: each.reason }))
          .join(t('design.separator')) || t('migrate.reason.same')}
      </td>
      <td>
        {group.class === 'C' ? (
          <Select
            size="small"
            aria-label={t('migrate.target_of', { name: nameOf(group.node) })}
            placeholder={t('migrate.keep')}
            allowClear
            value={target}
            onChange={onTarget}
            options={targets}
            data-testid={`migrate.target:${group.node}`}
          />
        ) : (
          <span className="quiet">{t(group.class === 'X' ? 'migrate.stays' : 'migrate.goes_on')}</span>
        )}
      </td>
      <td className="num right">
        <details>
          <summary>{group.orders.length}</summary>
          <span className="quiet">
            {group.orders
              .slice(0, 30)
              .map(order => order.number)
              .join(t('design.separator'))}
          </span>
        </details>
      </td>
    </tr>
  )
}

function Results({
  moved,
  onUndo,
  undone,
}: {
  moved: Moved[]
  onUndo: (id: string) => void
  undone: ReadonlySet<string>
}) {
  const { t, code } = useWords()
  const went = moved.filter(each => each.moved)
  return (
    <>
      <p className="strong" role="status" data-testid="migrate.result" data-count={went.length}>
        {t('migrate.moved', { count: went.length, left: moved.length - went.length })}
      </p>
      <ul className="problems-list">
        {moved.map(each => (
          <li key={each.id}>
            <span className={`class class-${each.class}`}>{each.class}</span>
            <span className="grow">{each.number}</span>
            <span className="quiet">
              {undone.has(each.id)
                ? t('migrate.undone')
                : each.moved
                  ? t('migrate.is_moved')
                  : code('migrate.refused', each.reason_code)}
            </span>
            {each.moved && !undone.has(each.id) && (
              <Button
                size="small"
                onClick={() => onUndo(each.id)}
                data-testid={`migrate.undo:${each.number}`}
              >
                {t('design.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

/** What becomes of the orders that are under way in older versions: by default nothing. */
export function Migration({
  flowKey,
  version,
  nameOf,
  onBusy,
}: {
  flowKey: string
  version: number
  nameOf: (id: string) => string
  /** While orders are moved: whoever leaves now would not see what became of the rest. */
  onBusy?: (busy: boolean) => void
}) {
  const { t, words } = useWords()
  const { data, error, isPending, refetch } = useMovePlan(flowKey, version)
  const { data: doc } = useFlowDoc(flowKey, version)
  const [wanted, setWanted] = useState<MoveClass[]>(['A'])
  const [tasks, setTasks] = useState<'keep' | 'reassign'>('keep')
  const [deadlines, setDeadlines] = useState<'keep' | 'recompute'>('keep')
  const [reason, setReason] = useState('')
  const [mapping, setMapping] = useState<Record<string, string>>({})
  const [moved, setMoved] = useState<Moved[]>([])
  const [running, setRunning] = useState<{ done: number; all: number }>()
  const stop = useRef(false)
  const [undone, setUndone] = useState<ReadonlySet<string>>(new Set())
  const migrate = useMigrate(flowKey)
  const back = useUndoMove()
  if (isPending) return <Loading rows={3} />
  if (error || !data) return <Failed id="migrate" error={error} retry={() => refetch()} />
  const count = (cls: MoveClass) => data.reduce((sum, plan) => sum + (plan.counts[cls] ?? 0), 0)
  const groups = data.flatMap(plan => plan.groups.map(group => ({ ...group, from: plan.from })))
  const all = classes.reduce((sum, cls) => sum + count(cls), 0)
  const targets = doc
    ? walk(doc)
        .filter(({ step }) => asksPerson(step) || concurrent.has(step.kind.type))
        .map(({ step }) => ({ value: step.id, label: words(step.name) }))
    : []
  const targetOf = (group: MoveGroup) => mapping[group.node] ?? group.suggestion
  const chosen = Object.fromEntries(
    groups
      .filter(group => group.class === 'C')
      .flatMap(group => (targetOf(group) ? [[group.node, targetOf(group) ?? '']] : [])),
  )
  const go = async () => {
    const ids = [
      ...new Set(
        groups
          .filter(group => wanted.includes(group.class))
          .flatMap(group => group.orders.map(order => order.id)),
      ),
    ]
    stop.current = false
    setMoved([])
    onBusy?.(true)
    for (let at = 0; at < ids.length && !stop.current; at += STEP) {
      setRunning({ done: at, all: ids.length })
      const part = await migrate
        .mutateAsync({
          version,
          classes: wanted,
          mapping: chosen,
          tasks,
          deadlines,
          reason: reason.trim() || null,
          orders: ids.slice(at, at + STEP),
        })
        .catch(() => null)
      if (!part) break
      setMoved(known => [...known, ...part])
    }
    setRunning(undefined)
    onBusy?.(false)
  }
  if (all === 0) return <p data-testid="migrate.none">{t('migrate.none')}</p>
  return (
    <section className="migrate" data-testid="migrate.plan" data-count={all}>
      <h3>{t('migrate.title', { count: all })}</h3>
      <p className="quiet">{t('migrate.note')}</p>
      <div className="ticks">
        {classes.map(cls => (
          <Checkbox
            key={cls}
            disabled={cls === 'X' || count(cls) === 0}
            checked={wanted.includes(cls)}
            onChange={event =>
              setWanted(known =>
                event.target.checked ? [...known, cls] : known.filter(each => each !== cls),
              )
            }
            data-testid={`migrate.class:${cls}`}
          >
            <span className={`class class-${cls}`}>{cls}</span> {t(`migrate.class.${cls}`)}{' '}
            <span className="num">{count(cls)}</span>
          </Checkbox>
        ))}
      </div>
      {wanted.includes('B') && (
        <div className="beside">
          <Select
            aria-label={t('migrate.tasks')}
            value={tasks}
            onChange={setTasks}
            options={(['keep', 'reassign'] as const).map(each => ({
              value: each,
              label: t(`migrate.tasks_${each}`),
            }))}
            data-testid="migrate.tasks"
          />
          <Select
            aria-label={t('migrate.deadlines')}
            disabled={tasks === 'reassign'}
            value={deadlines}
            onChange={setDeadlines}
            options={(['keep', 'recompute'] as const).map(each => ({
              value: each,
              label: t(`migrate.deadlines_${each}`),
            }))}
            data-testid="migrate.deadlines"
          />
        </div>
      )}
      <Input
        aria-label={t('migrate.because')}
        placeholder={t('migrate.because')}
        value={reason}
        onChange={event => setReason(event.target.value)}
        data-testid="migrate.because"
      />
      <div className="table-wrap">
        <table className="table">
          <thead>
            <tr>
              <th>{t('migrate.class')}</th>
              <th>{t('migrate.stands_in')}</th>
              <th>{t('migrate.why')}</th>
              <th>{t('migrate.then')}</th>
              <th className="right">{t('migrate.orders')}</th>
            </tr>
          </thead>
          <tbody>
            {groups.map(group => (
              <GroupRow
                key={`${group.from}:${group.node}`}
                group={group}
                nameOf={nameOf}
                target={targetOf(group)}
                targets={targets}
                onTarget={to => setMapping(known => ({ ...known, [group.node]: to }))}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="beside">
        <Button
          type="primary"
          ghost
          loading={Boolean(running)}
          disabled={wanted.every(cls => count(cls) === 0)}
          onClick={go}
          data-testid="migrate.go"
        >
          {t('migrate.go', { count: wanted.reduce((sum, cls) => sum + count(cls), 0) })}
        </Button>
        {running && (
          <>
            <progress max={running.all} value={running.done} aria-label={t('migrate.progress')} />
            <Button
              onClick={() => {
                stop.current = true
              }}
              data-testid="migrate.stop"
            >
              {t('migrate.stop')}
            </Button>
          </>
        )}
      </div>
      <Refusal error={migrate.error} id="migrate" />
      {moved.length > 0 && (
        <Results
          moved={moved}
          undone={undone}
          onUndo={id => back.mutate(id, { onSuccess: () => setUndone(known => new Set([...known, id])) })}
        />
      )}
      {back.error && <p role="alert">{asProblem(back.error).detail}</p>}
    </section>
  )
}
