import { Button, Input, Select, Tooltip } from 'antd'
import { useState } from 'react'
import type { Play, PlayAct } from '../../../../api/flows'
import { useWords } from '../../../../i18n'
import { useReason } from '../../../../ui/ActionButton'
import { When } from '../../../../ui/Time'
import { useDesign } from '../design'
import { PlayFields } from './PlayFields'
import { DECISIONS, decide, lateAt, type Persona, waitUntil } from './play'

type Task = Play['tasks'][number]

/** Whose the work is, and how it came to them. */
function Holder({ task }: { task: Task }) {
  const { t, words, code } = useWords()
  const { inspection } = useDesign()
  const sentence = inspection?.sentences[task.node]
  return (
    <>
      <p data-testid={`design.play.holder:${task.node}`}>
        {t('design.play.held_by', { who: words(task.holder?.name) })}
        {task.due_at && (
          <>
            {' · '}
            {t('design.play.due')} <When at={task.due_at} />
          </>
        )}
      </p>
      <p className="quiet">
        {[sentence, words(task.why)].filter(Boolean).join(' · ')}
        {task.passages
          .filter(passage => passage.why)
          .map(
            ({ to, why }) =>
              ` · ${t('design.play.handed', { name: words(to.name), why: code('hand_over', why) })}`,
          )
          .join('')}
      </p>
    </>
  )
}

/** Who can be played here; whoever is kept from deciding is named with the reason. */
function People({
  task,
  chosen,
  busy,
  onAs,
}: {
  task: Task
  chosen?: string
  busy: boolean
  onAs: (as: string) => void
}) {
  const { t } = useWords()
  if (!task.people.length) return <p className="quiet">{t('design.play.no_person')}</p>
  return (
    <fieldset className="chips" aria-label={t('design.play.as')}>
      {task.people.map(person => (
        <button
          key={person.login}
          type="button"
          className={`chip tag ${person.login === chosen ? 'tag-blue' : 'tag-grey'}`}
          aria-pressed={person.login === chosen}
          disabled={busy}
          onClick={() => onAs(person.login)}
          data-testid={`design.play.person:${task.node}:${person.login}`}
        >
          {person.place === 'holder'
            ? person.name
            : t('design.play.placed', { name: person.name, place: t(`design.play.place.${person.place}`) })}
        </button>
      ))}
    </fieldset>
  )
}

/** One piece of work that waits: who would have it and why, and what each of them can do with it. */
export function PlayTask({
  task,
  play,
  persona,
  busy,
  onAct,
  onAs,
  onShow,
}: {
  task: Task
  play: Play
  persona: Persona | undefined
  busy: boolean
  onAct: (act: PlayAct) => void
  onAs: (persona: Persona) => void
  onShow: (step: string) => void
}) {
  const { t, words } = useWords()
  const reasonOf = useReason()
  const [reason, setReason] = useState('')
  const [to, setTo] = useState<string>()
  const [values, setValues] = useState<Record<string, string>>({})
  const person = task.people.find(each => each.login === persona?.as)
  const late = lateAt(task, play)
  return (
    <article className="play-step" data-testid={`design.play.task:${task.node}`}>
      <button type="button" className="link strong" onClick={() => onShow(task.node)}>
        {words(task.name)}
      </button>
      <Holder task={task} />
      <People task={task} chosen={persona?.as} busy={busy} onAs={as => onAs({ task: task.number, as })} />
      {person && persona && (
        <>
          {task.missing.map(gap => (
            <label key={gap.path} className="field">
              <span>{t('design.play.fill', { field: words(gap.label) })}</span>
              <Input
                value={values[gap.path] ?? ''}
                onChange={event => setValues({ ...values, [gap.path]: event.target.value })}
                data-testid={`design.play.fill:${gap.path}`}
              />
            </label>
          ))}
          <Input
            placeholder={t('design.play.reason')}
            aria-label={t('design.play.reason')}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.target.value)}
            data-testid={`design.play.reason:${task.node}`}
          />
          {task.returns.length > 0 && (
            <Select
              allowClear
              aria-label={t('design.play.return_to')}
              placeholder={t('design.play.return_to')}
              value={to}
              onChange={setTo}
              options={task.returns.map(step => ({ value: step.node_id, label: words(step.name) }))}
              data-testid={`design.play.to:${task.node}`}
            />
          )}
        </>
      )}
      <div className="beside wrap">
        {person &&
          persona &&
          DECISIONS.flatMap(name => {
            const action = person.actions.find(each => each.name === name)
            if (!action) return []
            const button = (
              <Button
                key={name}
                size="small"
                type={name === 'approve' ? 'primary' : 'default'}
                danger={name === 'reject'}
                disabled={busy || !action.allowed}
                onClick={() => onAct(decide(name, persona, { reason, to, values }))}
                data-testid={`design.play.${name}:${task.node}`}
              >
                {words(action.label) || t(`action.${name}`)}
              </Button>
            )
            return action.allowed
              ? [button]
              : [
                  <Tooltip key={name} title={reasonOf(action)}>
                    <span>{button}</span>
                  </Tooltip>,
                ]
          })}
        <Button
          size="small"
          disabled={busy || late === undefined}
          onClick={() => late !== undefined && onAct(waitUntil(late))}
          data-testid={`design.play.late:${task.node}`}
        >
          {t('design.play.late')}
        </Button>
      </div>
      {person && play.fields.length > 0 && <PlayFields fields={play.fields} name={person.name} />}
    </article>
  )
}
