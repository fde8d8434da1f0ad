import { Button, Select } from 'antd'
import { useState } from 'react'
import type { Play, PlayAct } from '../../../../api/flows'
import { useWords } from '../../../../i18n'

type Wait = Play['waits'][number]

/** The acts that end a wait; of a time and of another flow there are none. */
function actsOf(wait: Wait, as: string | undefined): [string, PlayAct | undefined][] {
  const { visit } = wait
  switch (wait.kind) {
    case 'sender':
      return [['submit', { act: 'submit' }]]
    case 'customer':
      return [
        ['accept', as ? { act: 'accept', as } : undefined],
        ['decline', as ? { act: 'decline', as } : undefined],
      ]
    case 'call':
      return [
        ['answer', { act: 'answer', visit }],
        ['fail', { act: 'fail', visit }],
      ]
    case 'event':
      return [['arrive', { act: 'arrive', visit }]]
    default:
      return []
  }
}

/** What the order waits for that is nobody's task: its sender, the customer, another system, an event, a time. */
export function PlayWait({
  wait,
  busy,
  onAct,
  onShow,
}: {
  wait: Wait
  busy: boolean
  onAct: (act: PlayAct) => void
  onShow: (step: string) => void
}) {
  const { t, words } = useWords()
  const [as, setAs] = useState(wait.people[0]?.login)
  return (
    <article className="play-step" data-testid={`design.play.wait:${wait.kind}`}>
      <p>
        {t(`design.play.wait.${wait.kind}`)}
        {words(wait.name) && (
          <>
            {' · '}
            <button type="button" className="link" onClick={() => onShow(wait.node)}>
              {words(wait.name)}
            </button>
          </>
        )}
      </p>
      {wait.party && (
        <div className="field">
          <span>{t('design.play.recorded_by', { who: words(wait.party) })}</span>
          <Select
            value={as}
            onChange={setAs}
            aria-label={t('design.play.as')}
            options={wait.people.map(person => ({ value: person.login, label: person.name }))}
            data-testid="design.play.recorder"
          />
        </div>
      )}
      <div className="beside wrap">
        {actsOf(wait, as).map(([name, act]) => (
          <Button
            key={name}
            size="small"
            disabled={busy || !act}
            onClick={() => act && onAct(act)}
            data-testid={`design.play.${name}`}
          >
            {t(`design.play.do.${name}`)}
          </Button>
        ))}
      </div>
    </article>
  )
}
