import { Link } from '@tanstack/react-router'
import { Button, Switch } from 'antd'
import { useState } from 'react'
import type { components } from '../../api/schema'
import { type HoursOf, type Tagged, useHoursOf, usePutHoursOf } from '../../api/settings'
import type { Workdays } from '../../forms/lines/workdays'
import { useWords } from '../../i18n'
import { When } from '../../ui/Time'
import { useChanges } from './Changes'
import { DayFields } from './DayFields'
import { type Otherwise, spansText, under, weekIn } from './days'
import { HoursDialog, Opening } from './HoursDialog'
import { Week, WeekFields } from './Week'

type Layer = components['schemas']['CalendarLayer']

const ID = 'calendar.hours'

/** Whose hours they are, and under whose they stand. */
export interface Layered {
  of: HoursOf
  name: string
  above: Workdays
  aboveName: string
}

function Editor({ read, layered, onClose }: { read: Tagged<Layer>; layered: Layered; onClose: () => void }) {
  const { t } = useWords()
  const { of, name, above, aboveName } = layered
  const write = usePutHoursOf(of)
  const say = useChanges()
  /** As it was opened: what somebody else puts meanwhile is refused, not overwritten. */
  const [{ body: was, tag }] = useState(read)
  const before: Otherwise = { off: was.days_off, on: was.workdays }
  const [own, setOwn] = useState(was.week !== null)
  const [lines, setLines] = useState(() => (was.week ?? above.week).map(spansText))
  const [days, setDays] = useState(before)
  const week = own ? weekIn(lines) : above.week
  const base = under(above, { off: [], on: [] }, week)
  const hours = (isOwn: boolean) =>
    isOwn ? t('calendar.of_own') : t('calendar.as_above', { above: aboveName })
  const changes = [
    ...say.field(t('calendar.hours_of_week'), hours(was.week !== null), hours(own)),
    ...say.week(was.week ?? above.week, week),
    ...say.days(before, days, base),
  ]
  const send = () => {
    const body = { week: own ? week : null, days_off: days.off, workdays: days.on }
    write.mutate({ body, tag }, { onSuccess: onClose })
  }
  const reset = () => {
    setOwn(false)
    setDays({ off: [], on: [] })
  }
  return (
    <HoursDialog
      id={ID}
      title={t('calendar.edit_of', { name })}
      changes={changes}
      write={write}
      onSend={send}
      onClose={onClose}
    >
      <div className="beside wrap">
        <label className="switch-row grow">
          <Switch
            size="small"
            aria-label={t('calendar.own_hours')}
            checked={own}
            onChange={setOwn}
            data-testid={`${ID}.own_hours`}
          />
          <span>{t('calendar.own_hours')}</span>
        </label>
        <Button size="small" onClick={reset} data-testid={`${ID}.reset`}>
          {t('calendar.reset', { above: aboveName })}
        </Button>
      </div>
      {own ? (
        <WeekFields id={ID} week={lines} onChange={setLines} />
      ) : (
        <>
          <p className="quiet">{hours(false)}</p>
          <Week week={above.week} id="above" />
        </>
      )}
      <DayFields
        id={ID}
        days={days}
        before={before}
        base={base}
        usual={base}
        title={year => t('calendar.not_above', { year, above: aboveName })}
        onChange={setDays}
      />
      {of.kind === 'people' && (
        <p className="quiet">
          {was.leave.map(leave => (
            <span key={leave.id}>
              {t('calendar.leave')} <When at={leave.from} /> – <When at={leave.until} />
              {t('list.comma')}
            </span>
          ))}
          <Link to="/settings/absence">{t('calendar.leave_elsewhere')}</Link>
        </p>
      )}
    </HoursDialog>
  )
}

/** Changes what a department or a person does otherwise. */
export function LayerDialog({ layered, onClose }: { layered: Layered; onClose: () => void }) {
  const { t } = useWords()
  const { data, error, refetch } = useHoursOf(layered.of)
  const title = t('calendar.edit_of', { name: layered.name })
  if (!data) return <Opening id={ID} title={title} error={error} retry={() => refetch()} onClose={onClose} />
  return <Editor read={data} layered={layered} onClose={onClose} />
}
