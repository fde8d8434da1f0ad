import { Button } from 'antd'
import { useState } from 'react'
import { useFaultsOf } from '../../forms/FormDialog'
import type { Workdays } from '../../forms/lines/workdays'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { dayAfter } from '../stock/atpDays'
import { daysFrom, type Otherwise, put, under, worked } from './days'
import { OwnDays } from './OwnDays'
import { useMonth, YearGrid } from './YearGrid'

/** As the server calls the lists of days, of the company and of those below it. */
export const DAY_PATHS = ['holidays', 'makeup_workdays', 'days_off', 'workdays']
/** Nobody sets more than a year at once. */
const MOST = 366

/** Some days after one another, off or worked: quicker than one by one, and how it is done on a phone. */
function Several({ id, onPut }: { id: string; onPut: (days: string[], work: boolean) => void }) {
  const { t } = useWords()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const last = to || from
  const ready = from !== '' && from <= last && last < dayAfter(from, MOST)
  const button = (work: boolean) => (
    <Button
      disabled={!ready}
      onClick={() => onPut(daysFrom(from, last), work)}
      data-testid={`${id}.set_${work ? 'on' : 'off'}`}
    >
      {t(`calendar.set_${work ? 'on' : 'off'}`)}
    </Button>
  )
  return (
    <div className="audit-filters">
      <TextField
        type="date"
        label={t('absence.first_day')}
        value={from}
        onChange={setFrom}
        id={`${id}.from`}
      />
      <TextField type="date" label={t('calendar.last_day')} value={to} onChange={setTo} id={`${id}.to`} />
      <div className="beside">
        {button(false)}
        {button(true)}
      </div>
    </div>
  )
}

/** Days off and days worked instead: a year to click in, spans to type, and what is otherwise than usual. */
export function DayFields({
  id,
  days,
  before,
  base,
  usual,
  title,
  names,
  onChange,
}: {
  id: string
  days: Otherwise
  before: Otherwise
  /** The calendar without these days. */
  base: Workdays
  /** What the days are held against. */
  usual: Workdays
  /** What the list of days that are otherwise is called, by its year. */
  title: (year: string) => string
  names?: Map<string, string>
  onChange: (days: Otherwise) => void
}) {
  const { t } = useWords()
  const [month, setMonth] = useState(useMonth())
  const fault = useFaultsOf(DAY_PATHS)
  const calendar = under(base, days)
  const year = month.slice(0, 4)
  const restored = (which: string[]) =>
    which.reduce((kept, day) => put(kept, [day], worked(day, usual), base), days)
  return (
    <fieldset className="items">
      <legend>{t('calendar.days')}</legend>
      <p className="quiet">{t('calendar.days_hint')}</p>
      <Several
        id={id}
        onPut={(which, work) => {
          onChange(put(days, which, work, base))
          if (which[0]) setMonth(which[0].slice(0, 7))
        }}
      />
      {fault && (
        <span className="field-finding ink-red" role="alert" data-testid={`${id}.days.fault`}>
          {fault}
        </span>
      )}
      <YearGrid
        id={id}
        month={month}
        onMonth={setMonth}
        calendar={calendar}
        was={under(base, before)}
        names={names}
        onToggle={day => onChange(put(days, [day], !worked(day, calendar), base))}
      />
      <OwnDays
        id={id}
        title={title(year)}
        year={year}
        usual={usual}
        calendar={calendar}
        names={names}
        onRestore={which => onChange(restored(which))}
      />
    </fieldset>
  )
}
