import { Button, Slider } from 'antd'
import { useState } from 'react'
import type { Play, PlayAct } from '../../../../api/flows'
import { useWords } from '../../../../i18n'
import { useNow } from '../../../../ui/clock'
import { useZone, When } from '../../../../ui/Time'
import { instantWords } from '../../../../ui/time'
import { range, snapped, waitUntil } from './play'

/** The clock of the play: on to the next timer, or to any time up to the last one that is known. */
export function PlayTime({
  play,
  busy,
  onAct,
}: {
  play: Play
  busy: boolean
  onAct: (act: PlayAct) => void
}) {
  const { t, words } = useWords()
  const real = useNow()
  const zone = useZone()
  const { now, last, step } = range(play)
  const [at, setAt] = useState(now)
  const next = play.ahead[0]
  if (!next) return <p className="quiet">{t('design.play.no_timer')}</p>
  const told = (ms: number) => instantWords(ms, real, zone, t)
  const to = snapped(at, play)
  const marks = Object.fromEntries(play.ahead.map(each => [Date.parse(each.at), ' ']))
  return (
    <section data-testid="design.play.time" data-ahead={play.ahead.length}>
      <h3>{t('design.play.time')}</h3>
      <Slider
        min={now}
        max={last}
        step={step}
        value={at}
        marks={marks}
        disabled={busy || last === now}
        onChange={setAt}
        tooltip={{ formatter: value => told(snapped(value ?? now, play)) }}
        ariaLabelForHandle={t('design.play.time')}
        ariaValueTextFormatterForHandle={value => told(snapped(Number(value), play))}
      />
      <div className="beside wrap">
        <Button
          size="small"
          disabled={busy || to <= now}
          onClick={() => onAct(waitUntil(to))}
          data-testid="design.play.forward"
        >
          {t('design.play.forward', { time: told(to) })}
        </Button>
        <Button
          size="small"
          disabled={busy}
          onClick={() => onAct(waitUntil(Date.parse(next.at)))}
          data-testid="design.play.next"
        >
          {t('design.play.next')}
        </Button>
      </div>
      <ol className="play-ahead">
        {play.ahead.map((timer, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: several timers of one kind may be due at one time
          <li key={`${timer.at}:${index}`} data-testid={`design.play.timer:${timer.kind}`}>
            <button
              type="button"
              className="link"
              disabled={busy}
              onClick={() => onAct(waitUntil(Date.parse(timer.at)))}
            >
              <When at={timer.at} /> {words(timer.title)}
            </button>
            {timer.details.length > 0 && (
              <div className="quiet">
                {timer.details.map(detail => words(detail)).join(t('design.separator'))}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
