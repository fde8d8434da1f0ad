import { Button, Checkbox, Input, Radio, Drawer as Shelf, Steps } from 'antd'
import { useEffect, useState } from 'react'
import {
  type Inspection,
  type Released,
  type Replayed,
  useChangesSince,
  usePublish,
  useReplay,
} from '../../../api/flows'
import type { FlowProblem } from '../../../flow/fixes'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'
import { Empty, Failed, Loading, Refusal } from '../../../ui/states'
import type { Translate } from '../../../ui/time'
import { ReleaseCard, RollBack } from '../Release'
import { Sentences } from '../Sentences'
import { Migration } from './Migration'
import { ProblemLine } from './ProblemLine'
import { worstFirst } from './Problems'

const NOTE_MIN = 5
const REPLAY_DAYS = 30

/** What the checks say; a warning is passed by whoever ticks it, and that is recorded. */
function Checks({
  inspection,
  ticked,
  onTick,
  onJump,
}: {
  inspection: Inspection
  ticked: ReadonlySet<string>
  onTick: (marks: string[], on: boolean) => void
  onJump: (problem: FlowProblem) => void
}) {
  const { t } = useWords()
  const problems = worstFirst(inspection.problems)
  const warnings = [...new Set(problems.filter(each => each.severity === 'warning').map(each => each.mark))]
  if (!problems.length) return <Empty id="publish.checks" text={t('design.problems_none')} />
  return (
    <>
      {warnings.length > 1 && (
        <Checkbox
          checked={warnings.every(mark => ticked.has(mark))}
          onChange={event => onTick(warnings, event.target.checked)}
          data-testid="publish.ack_all"
        >
          {t('publish.ack_all', { count: warnings.length })}
        </Checkbox>
      )}
      <ul className="problems-list" data-testid="publish.checks" data-count={problems.length}>
        {problems.map(problem => (
          <ProblemLine
            key={problem.mark + problem.text}
            id="publish"
            problem={problem}
            onJump={onJump}
            before={
              problem.severity === 'warning' ? (
                <Checkbox
                  checked={ticked.has(problem.mark)}
                  onChange={event => onTick([problem.mark], event.target.checked)}
                  aria-label={t('publish.ack', { text: problem.text })}
                  data-testid={`publish.ack:${problem.mark}`}
                />
              ) : (
                <span className="tick-gap" />
              )
            }
          />
        ))}
      </ul>
    </>
  )
}

/** Working time that a way costs more than another, in words. */
function costOf(minutes: number, t: Translate): string {
  const hours = (Math.abs(minutes) / 60).toFixed(1)
  if (minutes === 0) return t('publish.cost_same')
  return t(minutes > 0 ? 'publish.cost_more' : 'publish.cost_less', { hours })
}

function ReplayResult({ data, nameOf }: { data: Replayed; nameOf: (id: string) => string }) {
  const { t } = useWords()
  const list = (ids: string[]) => ids.map(nameOf).join(t('design.separator'))
  return (
    <div data-testid="publish.replayed" data-count={data.different}>
      <p className="strong">
        {t('publish.replayed', { different: data.different, count: data.orders, days: REPLAY_DAYS })}
      </p>
      {data.different > 0 && (
        <p data-testid="publish.cost" title={t('publish.cost_hint')}>
          {t('publish.cost', { cost: costOf(data.minutes, t) })}
        </p>
      )}
      {data.asks_nobody > 0 && <p>{t('publish.asks_nobody', { count: data.asks_nobody })}</p>}
      {data.groups.map(group => (
        <details key={`${group.before.steps.join()}>${group.after.steps.join()}`} className="replay-group">
          <summary>
            <span className="strong num">{t('publish.orders', { count: group.count })}</span>{' '}
            {group.added.length > 0 && t('publish.added', { steps: list(group.added) })}
            {group.added.length > 0 && group.removed.length > 0 && t('design.separator')}
            {group.removed.length > 0 && t('publish.removed', { steps: list(group.removed) })}
            {group.added.length + group.removed.length === 0 && t('publish.other_order')}
            <span className="quiet"> {costOf(group.minutes, t)}</span>
          </summary>
          {group.unmeasured && (
            <p className="quiet">{t('publish.unmeasured', { steps: list(group.unmeasured) })}</p>
          )}
          <p className="quiet">{group.orders.join(t('design.separator'))}</p>
        </details>
      ))}
      {data.uncovered.map(each => (
        <p key={each.node} className="quiet">
          {t('publish.uncovered', { name: nameOf(each.node), count: each.count })}
        </p>
      ))}
    </div>
  )
}

function Rehearsal({
  flowKey,
  cases,
  inspection,
  nameOf,
}: {
  flowKey: string
  cases: number
  inspection: Inspection
  nameOf: (id: string) => string
}) {
  const { t } = useWords()
  const replay = useReplay(flowKey)
  const { mutate } = replay
  useEffect(() => mutate(REPLAY_DAYS), [mutate])
  const failing = inspection.problems.filter(problem => problem.code === 'F-061')
  return (
    <>
      <h3>{t('design.cases', { count: cases })}</h3>
      <p data-testid="publish.cases" data-count={failing.length}>
        {cases === 0
          ? t('publish.no_cases')
          : failing.length === 0
            ? t('publish.cases_pass', { count: cases })
            : failing.map(each => each.text).join(' ')}
      </p>
      <h3>{t('publish.replay')}</h3>
      {replay.isPending && (
        <p role="progressbar" aria-label={t('publish.replay')}>
          {t('publish.replaying', { days: REPLAY_DAYS })}
        </p>
      )}
      {replay.error && <Failed id="publish.replay" error={replay.error} retry={() => mutate(REPLAY_DAYS)} />}
      {replay.data && <ReplayResult data={replay.data} nameOf={nameOf} />}
    </>
  )
}

/** The changes of the draft since a version. */
export function DraftChanges({
  flowKey,
  name,
  base,
  revision,
}: {
  flowKey: string
  name: string
  base: number | undefined
  revision: number
}) {
  const { t, lang } = useWords()
  const { data, error, isPending, isEnabled, refetch } = useChangesSince(flowKey, base, revision, lang)
  if (!isEnabled)
    return <Empty id="publish.diff" text={t(base === undefined ? 'publish.first' : 'flow.no_changes')} />
  if (isPending) return <Loading rows={4} />
  if (error) return <Failed id="publish.diff" error={error} retry={() => refetch()} />
  return (
    <Sentences
      id="publish.diff"
      title={t('flow.diff_draft', { name, before: base ?? 0 })}
      sentences={data ?? []}
    />
  )
}

/** At once, or at a moment to come. */
function Effective({ value, onChange }: { value: string | null; onChange: (at: string | null) => void }) {
  const { t } = useWords()
  return (
    <fieldset className="items">
      <legend>{t('publish.effective')}</legend>
      <Radio.Group
        value={value === null ? 'now' : 'later'}
        onChange={event => onChange(event.target.value === 'now' ? null : '')}
        options={(['now', 'later'] as const).map(each => ({
          value: each,
          label: <span data-testid={`publish.effective:${each}`}>{t(`publish.effective.${each}`)}</span>,
        }))}
      />
      {value !== null && (
        <TextField
          type="datetime-local"
          label={t('publish.effective_at')}
          value={value}
          onChange={onChange}
          id="publish.effective_at"
        />
      )}
    </fieldset>
  )
}

/** Four steps to a new version: checks, rehearsal, what changes, running orders. */
export function Publish({
  flowKey,
  name,
  base,
  inspection,
  cases,
  revision,
  nameOf,
  save,
  onJump,
  onPublished,
  onClose,
}: {
  flowKey: string
  name: string
  /** The version in force. */
  base: number | undefined
  inspection: Inspection | undefined
  cases: number
  revision: number
  nameOf: (id: string) => string
  save: () => Promise<number | undefined>
  onJump: (problem: FlowProblem) => void
  onPublished: () => void
  onClose: () => void
}) {
  const { t } = useWords()
  const [at, setAt] = useState(0)
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const [note, setNote] = useState('')
  /** An instant as it is typed, in the zone of the browser; null is at once. */
  const [effective, setEffective] = useState<string | null>(null)
  const [done, setDone] = useState<Released>()
  const [moving, setMoving] = useState(false)
  const publish = usePublish(flowKey)
  const problems = inspection?.problems ?? []
  const blocked = problems.some(each => each.severity === 'blocker')
  const open = problems.some(each => each.severity === 'warning' && !ticked.has(each.mark))
  const ready =
    [
      !blocked && !open && inspection !== undefined,
      true,
      note.trim().length >= NOTE_MIN && effective !== '' && !publish.isPending,
    ][at] ?? false
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked at here is what is saved
  useEffect(() => {
    void save()
  }, [])
  const go = async () => {
    if (!ready) return
    if (at < 2) return setAt(at + 1)
    const saved = await save()
    if (saved === undefined) return
    publish.mutate(
      {
        note: note.trim(),
        acknowledged: [...ticked],
        revision: saved,
        ...(effective && { effective_at: new Date(effective).toISOString() }),
      },
      {
        onSuccess: released => {
          setDone(released)
          setAt(3)
          if (released.version !== null) onPublished()
        },
      },
    )
  }
  const tick = (marks: string[], on: boolean) =>
    setTicked(known => new Set(on ? [...known, ...marks] : [...known].filter(mark => !marks.includes(mark))))
  return (
    <Shelf
      open
      size={760}
      title={t('publish.title')}
      onClose={() => moving || onClose()}
      footer={
        at < 3 ? (
          <div className="beside">
            {at > 0 && (
              <Button onClick={() => setAt(at - 1)} data-testid="publish.back">
                {t('publish.back')}
              </Button>
            )}
            <span className="grow" />
            <Button
              type="primary"
              disabled={!ready}
              loading={publish.isPending}
              onClick={go}
              data-testid="publish.next"
            >
              {t(at === 2 ? 'design.publish' : 'publish.next')}
            </Button>
          </div>
        ) : (
          <Button type="primary" disabled={moving} onClick={onClose} data-testid="publish.done">
            {t('publish.done')}
          </Button>
        )
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter goes on from wherever the focus is */}
      <div
        className="publish"
        data-testid="publish.wizard"
        data-step={at}
        onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && go()}
      >
        <Steps
          size="small"
          current={at}
          items={['checks', 'rehearsal', 'changes', 'running'].map(each => ({
            title: t(`publish.step.${each}`),
          }))}
        />
        {at === 0 &&
          (inspection ? (
            <Checks inspection={inspection} ticked={ticked} onTick={tick} onJump={onJump} />
          ) : (
            <Loading rows={4} />
          ))}
        {at === 1 && inspection && (
          <Rehearsal flowKey={flowKey} cases={cases} inspection={inspection} nameOf={nameOf} />
        )}
        {at === 2 && (
          <>
            <DraftChanges flowKey={flowKey} name={name} base={base} revision={revision} />
            <label className="field">
              <span>{t('publish.note')}</span>
              <Input.TextArea
                rows={2}
                maxLength={300}
                value={note}
                onChange={event => setNote(event.target.value)}
                data-testid="publish.note"
              />
            </label>
            <Effective value={effective} onChange={setEffective} />
            <Refusal error={publish.error} id="publish" />
          </>
        )}
        {at === 3 && done && done.version === null && <ReleaseCard flowKey={flowKey} base={base} />}
        {at === 3 && done && done.version !== null && (
          <>
            <p className="strong" role="status" data-testid="publish.published" data-version={done.version}>
              {t('publish.published', { version: done.version })}
            </p>
            <Migration flowKey={flowKey} version={done.version} nameOf={nameOf} onBusy={setMoving} />
            <RollBack flowKey={flowKey} />
          </>
        )}
      </div>
    </Shelf>
  )
}
