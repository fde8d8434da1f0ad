import { Button } from 'antd'
import { useEffect } from 'react'
import type { Play, PlayInput } from '../../../../api/flows'
import { useWords } from '../../../../i18n'
import { Refusal } from '../../../../ui/states'
import { When } from '../../../../ui/Time'
import { durationWords } from '../../../../ui/time'
import { useDesign } from '../design'
import { PlayNotices } from './PlayNotices'
import { PlayStory } from './PlayStory'
import { PlayTask } from './PlayTask'
import { PlayTime } from './PlayTime'
import { PlayWait } from './PlayWait'
import { usePlay } from './usePlay'

const MINUTE_MS = 60_000

/** Where the order stands, and how long it took so far. */
function Standing({ play }: { play: Play }) {
  const { t, words } = useWords()
  const time = (minutes: number) => durationWords(minutes * MINUTE_MS, t)
  const { minutes, unmeasured } = play.estimate
  return (
    <>
      <p className="strong" role="status" data-testid="design.play.status" data-status={play.status}>
        {words(play.status_name)} · <When at={play.now_at} />
      </p>
      <p className="quiet" data-testid="design.play.estimate">
        {t('design.play.worked', { time: time(play.worked_minutes) })}
        {minutes > 0 && ` · ${t('design.play.estimate', { time: time(minutes) })}`}
        {unmeasured.length > 0 && ` · ${t('design.play.unmeasured', { count: unmeasured.length })}`}
      </p>
      {play.findings.length > 0 && (
        <ul className="prose" data-testid="design.play.findings">
          {play.findings.map(finding => (
            <li key={finding.zh}>{words(finding)}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** An order played step by step: as whom one likes, with time that passes when it is told to. */
export function PlayPanel({
  flowKey,
  input,
  onWay,
  onShow,
}: {
  flowKey: string
  input: PlayInput
  onWay: (way: Play['way']) => void
  onShow: (step: string) => void
}) {
  const { t } = useWords()
  const { doc } = useDesign()
  const { acts, play, persona, busy, error, begin, act, undo, as } = usePlay(flowKey, doc, input, found =>
    onWay(found.way),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is played is fixed when the panel opens
  useEffect(begin, [])
  const waits = (play?.tasks.length ?? 0) + (play?.waits.length ?? 0)
  return (
    <section className="play" data-testid="design.play" data-acts={acts.length} aria-busy={busy}>
      <div className="beside wrap">
        <h3 className="grow">{t('design.play.title')}</h3>
        <Button size="small" disabled={!acts.length || busy} onClick={undo} data-testid="design.play.undo">
          {t('design.play.undo')}
        </Button>
        <Button size="small" disabled={busy} onClick={begin} data-testid="design.play.again">
          {t('design.play.again')}
        </Button>
      </div>
      <Refusal error={error} id="design.play" />
      {play && (
        <>
          <Standing play={play} />
          {play.tasks.map(task => (
            <PlayTask
              key={`${task.number}:${acts.length}`}
              task={task}
              play={play}
              persona={persona?.task === task.number ? persona : undefined}
              busy={busy}
              onAct={act}
              onAs={as}
              onShow={onShow}
            />
          ))}
          {play.waits.map(wait => (
            <PlayWait
              key={`${wait.kind}:${wait.visit}`}
              wait={wait}
              busy={busy}
              onAct={act}
              onShow={onShow}
            />
          ))}
          {waits === 0 && <p className="quiet">{t('design.play.nobody')}</p>}
          <PlayTime key={play.now_at} play={play} busy={busy} onAct={act} />
          <PlayNotices notices={play.notices} more={play.more_notices} />
          <PlayStory story={play.story} />
        </>
      )}
    </section>
  )
}
