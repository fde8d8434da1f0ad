import { useLive } from '../api/live'
import { useWords } from '../i18n'
import { useZone } from '../ui/Time'
import { instantWords } from '../ui/time'

export function LiveDot() {
  const { t } = useWords()
  const { state, asOf } = useLive()
  const zone = useZone()
  const words =
    state === 'offline'
      ? t('live.offline', { time: instantWords(asOf, Date.now(), zone, t) })
      : t(`live.${state}`)
  return (
    <span
      className={`live live-${state}`}
      role="status"
      title={words}
      data-testid="header.live"
      data-live="connection"
      data-state={state}
    >
      <span className="live-dot" aria-hidden />
      <span className="live-text">{words}</span>
    </span>
  )
}
