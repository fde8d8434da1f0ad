import { useState } from 'react'
import type { components } from '../../api/schema'
import { type Tagged, useCompanyHours, usePutCompanyHours } from '../../api/settings'
import { type FieldSpec, Fields } from '../../forms/Fields'
import { useWords } from '../../i18n'
import { useChanges } from './Changes'
import { DayFields } from './DayFields'
import { type Otherwise, publicDays, spansIn, spansText, weekIn } from './days'
import { HoursDialog, Opening } from './HoursDialog'
import { WeekFields } from './Week'

type Calendar = components['schemas']['Calendar']

const ID = 'calendar.company'
/** The public holidays that the program knows. */
const PUBLIC = ['cn']
const zones = () => Intl.supportedValuesOf('timeZone')

function Editor({ read, onClose }: { read: Tagged<Calendar>; onClose: () => void }) {
  const { t, words } = useWords()
  const write = usePutCompanyHours()
  const say = useChanges()
  /** As it was opened: what somebody else puts meanwhile is refused, not overwritten. */
  const [{ body: was, tag }] = useState(read)
  const before: Otherwise = { off: was.holidays, on: was.makeup_workdays }
  const taken = was.public_holidays?.key ?? ''
  const [values, setValues] = useState({
    timezone: was.timezone,
    quiet_hours: was.quiet_hours ?? '',
    public_holidays: taken,
  })
  const [lines, setLines] = useState(() => was.week.map(spansText))
  const [days, setDays] = useState(before)
  const week = weekIn(lines)
  const base = { week, holidays: [], makeup_workdays: [] }
  const known = publicDays(was.public_holidays, week)
  const quiet = spansIn(values.quiet_hours).join(', ')
  const country = (key: string) => t(key ? `calendar.public.${key}` : 'calendar.public.none')
  const fields: FieldSpec[] = [
    { name: 'timezone', label: t('calendar.timezone'), suggest: zones(), required: true },
    { name: 'quiet_hours', label: t('calendar.quiet_hours'), placeholder: '21:00-08:00' },
    {
      name: 'public_holidays',
      label: t('calendar.public_holidays'),
      kind: 'choice',
      placeholder: t('calendar.public.none'),
      options: PUBLIC.map(value => ({ value, label: country(value) })),
    },
  ]
  const changed = {
    week: say.week(was.week, week),
    days: say.days(before, days, base),
    timezone: say.field(t('calendar.timezone'), was.timezone, values.timezone.trim()),
    quiet: say.field(t('calendar.quiet_hours'), was.quiet_hours ?? '', quiet),
    public: say.field(t('calendar.public_holidays'), country(taken), country(values.public_holidays)),
  }
  const send = () => {
    const body = {
      ...(changed.week.length && { week }),
      ...(changed.days.length && { holidays: days.off, makeup_workdays: days.on }),
      ...(changed.timezone.length && { timezone: values.timezone }),
      ...(changed.quiet.length && { quiet_hours: quiet }),
      ...(changed.public.length && { public_holidays: values.public_holidays }),
    }
    write.mutate({ body, tag }, { onSuccess: onClose })
  }
  return (
    <HoursDialog
      id={ID}
      title={t('calendar.edit_company')}
      changes={Object.values(changed).flat()}
      fields={fields.map(field => field.name)}
      write={write}
      onSend={send}
      onClose={onClose}
    >
      <WeekFields id={ID} week={lines} onChange={setLines} />
      <Fields id={ID} specs={fields} values={values} onChange={next => setValues({ ...values, ...next })} />
      {was.public_holidays && <p className="quiet">{words(was.public_holidays.beyond)}</p>}
      <DayFields
        id={ID}
        days={days}
        before={before}
        base={base}
        usual={known.calendar}
        title={year => t('calendar.not_public', { year })}
        names={known.names}
        onChange={setDays}
      />
    </HoursDialog>
  )
}

/** Changes the hours, the days and the zone of the company. */
export function CompanyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { data, error, refetch } = useCompanyHours()
  if (!data)
    return (
      <Opening
        id={ID}
        title={t('calendar.edit_company')}
        error={error}
        retry={() => refetch()}
        onClose={onClose}
      />
    )
  return <Editor read={data} onClose={onClose} />
}
