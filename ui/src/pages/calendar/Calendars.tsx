import { useColleagues } from '../../api/acts'
import { useCalendars, useDepartments } from '../../api/admin'
import type { components } from '../../api/schema'
import { useWords } from '../../i18n'
import { Failed, Loading } from '../../ui/states'
import { When } from '../../ui/Time'
import { DeadlineProbe } from './DeadlineProbe'
import { SlaTable } from './SlaTable'

type Calendar = components['schemas']['Calendar']
type Layer = components['schemas']['CalendarLayer']
type Year = components['schemas']['HolidayYear']

const DAYS = [0, 1, 2, 3, 4, 5, 6]

/** A week, Monday first: the spans that are worked. */
function Week({ week, id }: { week: string[][]; id: string }) {
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

function HolidayYear({ year, open }: { year: Year; open: boolean }) {
  const { t, words } = useWords()
  return (
    <details open={open} className="holiday-year" data-testid={`calendar.year:${year.year}`}>
      <summary>
        <span className="strong num">{year.year}</span>{' '}
        {year.provisional && <span className="tag tag-amber">{t('calendar.provisional')}</span>}{' '}
        <span className="quiet">
          {year.source} {year.published}
        </span>
      </summary>
      {words(year.reason) && <p className="quiet">{words(year.reason)}</p>}
      <ul>
        {year.periods.map(period => (
          <li key={`${period.name}${period.from}`} className="absence-row">
            <span className="strong">{period.name}</span>
            <span className="num">
              {period.from}
              {period.to !== period.from && ` – ${period.to}`}
            </span>
            {period.workdays.length > 0 && (
              <span className="quiet">
                {t('calendar.makeup', { days: period.workdays.join(t('list.comma')) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Days of the company beside the public holidays. */
function OwnDays({ calendar }: { calendar: Calendar }) {
  const { t } = useWords()
  const year = new Date().getFullYear()
  const ahead = (days: string[]) => days.filter(day => Number(day.slice(0, 4)) >= year)
  const rows = [
    ['holidays', ahead(calendar.holidays)],
    ['makeup_workdays', ahead(calendar.makeup_workdays)],
  ] as const
  return (
    <dl className="facts">
      {rows.map(([key, days]) => (
        <div key={key}>
          <dt>{t(`calendar.${key}`)}</dt>
          <dd className="days">
            {days.length ? days.map(day => <span key={day}>{day}</span>) : <span className="quiet">–</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Company({ calendar }: { calendar: Calendar }) {
  const { t, words } = useWords()
  const known = calendar.public_holidays
  const year = new Date().getFullYear()
  return (
    <section className="card tab-body">
      <h2>{t('calendar.company')}</h2>
      <p className="quiet">
        {calendar.timezone}
        {calendar.quiet_hours && ` · ${t('calendar.quiet', { hours: calendar.quiet_hours })}`}
      </p>
      <Week week={calendar.week} id="company" />
      <OwnDays calendar={calendar} />
      {known && (
        <section className="block" data-testid="calendar.holidays" data-count={known.years.length}>
          <h3>{t('calendar.public', { from: known.from_year, to: known.to_year })}</h3>
          <p className="quiet">{words(known.beyond)}</p>
          {[...known.years].reverse().map(each => (
            <HolidayYear key={each.year} year={each} open={each.year === year} />
          ))}
        </section>
      )}
    </section>
  )
}

function LayerCard({ layer, name }: { layer: Layer; name: string }) {
  const { t } = useWords()
  return (
    <section className="block" data-testid={`calendar.layer:${layer.key}`}>
      <h3>{name}</h3>
      <Week week={layer.hours} id={layer.key} />
      {layer.days_off.length > 0 && (
        <p>{t('calendar.days_off', { days: layer.days_off.join(t('list.comma')) })}</p>
      )}
      {layer.workdays.length > 0 && (
        <p>{t('calendar.makeup', { days: layer.workdays.join(t('list.comma')) })}</p>
      )}
      {layer.leave.map(leave => (
        <p key={leave.id}>
          {t('calendar.leave')} <When at={leave.from} /> – <When at={leave.until} />
        </p>
      ))}
    </section>
  )
}

/** The clocks that deadlines are counted on. */
export default function Calendars() {
  const { t, words } = useWords()
  const { data, error, isPending, refetch } = useCalendars()
  const departments = useDepartments()
  const colleagues = useColleagues()
  const department = (code: string) => words(departments.data?.find(each => each.code === code)?.name) || code
  const person = (login: string) => colleagues.data?.find(each => each.login === login)?.name ?? login
  const layers = data && data.departments.length + data.people.length
  return (
    <div className="page calendars" data-testid="calendars.page">
      <h1>{t('nav.calendars')}</h1>
      {isPending && <Loading rows={10} />}
      {error && !data && <Failed id="calendars" error={error} retry={() => refetch()} />}
      {data && (
        <>
          <SlaTable />
          <DeadlineProbe />
          <Company calendar={data.company} />
          <section className="card tab-body">
            <h2>{t('calendar.layers')}</h2>
            {layers === 0 && <p className="quiet">{t('calendar.no_layers')}</p>}
            {data.departments.map(layer => (
              <LayerCard key={layer.key} layer={layer} name={department(layer.key)} />
            ))}
            {data.people.map(layer => (
              <LayerCard key={layer.key} layer={layer} name={person(layer.key)} />
            ))}
          </section>
        </>
      )}
    </div>
  )
}
