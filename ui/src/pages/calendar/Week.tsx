import { Button, Input } from 'antd'
import { useFaultsOf } from '../../forms/FormDialog'
import { useWords } from '../../i18n'

export const DAYS = [0, 1, 2, 3, 4, 5, 6]
/** How many spans of one day the server names faults of. */
const SPANS = Array.from({ length: 12 }, (_, at) => at)
const pathsOf = (day: number) => [`week[${day}]`, ...SPANS.map(at => `week[${day}][${at}]`)]
export const WEEK_PATHS = DAYS.flatMap(pathsOf)

/** A week, Monday first: the spans that are worked. */
export function Week({ week, id }: { week: string[][]; id: string }) {
  const { t } = useWords()
  return (
    <table className="table week table-cards" data-testid={`calendar.week:${id}`}>
      <thead>
        <tr>
          {DAYS.map(day => (
            <th key={day}>{t(`weekday.${day}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {DAYS.map(day => (
            <td key={day} data-label={t(`weekday.${day}`)}>
              {week[day]?.length ? (
                week[day].map(span => (
                  <div key={span} className="num">
                    {span}
                  </div>
                ))
              ) : (
                <span className="quiet">{t('calendar.off')}</span>
              )}
            </td>
          ))}
        </tr>
      </tbody>
    </table>
  )
}

function DayLine({
  id,
  day,
  value,
  onChange,
}: {
  id: string
  day: number
  value: string
  onChange: (value: string) => void
}) {
  const { t } = useWords()
  const fault = useFaultsOf(pathsOf(day))
  return (
    <label className="field">
      <span>{t(`weekday.${day}`)}</span>
      <Input
        value={value}
        status={fault ? 'error' : undefined}
        aria-invalid={Boolean(fault) || undefined}
        placeholder={t('calendar.off')}
        autoComplete="off"
        onChange={event => onChange(event.target.value)}
        data-testid={`${id}.week:${day}`}
      />
      {fault && (
        <span className="field-finding ink-red" role="alert" data-testid={`${id}.week:${day}.fault`}>
          {fault}
        </span>
      )}
    </label>
  )
}

/** The hours of a week to type: a line for each weekday, with a span before and one after lunch. */
export function WeekFields({
  id,
  week,
  onChange,
}: {
  id: string
  week: string[]
  onChange: (week: string[]) => void
}) {
  const { t } = useWords()
  const like = (day: number) => (day > 0 && day < 5 ? (week[0] ?? '') : (week[day] ?? ''))
  return (
    <fieldset className="items">
      <legend>{t('calendar.hours_of_week')}</legend>
      <p className="quiet">{t('calendar.hours_hint')}</p>
      <div className="form-grid week-fields">
        {DAYS.map(day => (
          <DayLine
            key={day}
            id={id}
            day={day}
            value={week[day] ?? ''}
            onChange={value => onChange(DAYS.map(each => (each === day ? value : (week[each] ?? ''))))}
          />
        ))}
      </div>
      <Button size="small" onClick={() => onChange(DAYS.map(like))} data-testid={`${id}.same`}>
        {t('calendar.same_hours')}
      </Button>
    </fieldset>
  )
}
