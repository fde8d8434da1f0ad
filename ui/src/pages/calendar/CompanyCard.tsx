import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import type { components } from '../../api/schema'
import { useWords } from '../../i18n'
import { CompanyDialog } from './CompanyDialog'
import { publicDays } from './days'
import { OwnDays } from './OwnDays'
import { Week } from './Week'
import { useMonth, YearGrid } from './YearGrid'

type Calendar = components['schemas']['Calendar']
type Year = components['schemas']['HolidayYear']

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

/** The hours, the year and the public holidays of the company. */
export function CompanyCard({ calendar }: { calendar: Calendar }) {
  const { t, words } = useWords()
  const writes = useMay()('write_organisation')
  const [editing, setEditing] = useState(false)
  const [month, setMonth] = useState(useMonth())
  const known = calendar.public_holidays
  const usual = publicDays(known, calendar.week)
  const year = month.slice(0, 4)
  return (
    <section className="card tab-body" data-testid="calendar.company">
      <div className="beside">
        <h2 className="grow">{t('calendar.company')}</h2>
        {writes && (
          <Button onClick={() => setEditing(true)} data-testid="calendar.company.edit">
            {t('calendar.edit_company')}
          </Button>
        )}
      </div>
      <p className="quiet">
        {calendar.timezone}
        {calendar.quiet_hours && ` · ${t('calendar.quiet', { hours: calendar.quiet_hours })}`}
      </p>
      <Week week={calendar.week} id="company" />
      <YearGrid id="calendar" month={month} onMonth={setMonth} calendar={calendar} names={usual.names} />
      <OwnDays
        id="calendar"
        title={t('calendar.not_public', { year })}
        year={year}
        usual={usual.calendar}
        calendar={calendar}
        names={usual.names}
      />
      {known && (
        <section className="block" data-testid="calendar.holidays" data-count={known.years.length}>
          <h3>{t('calendar.public', { from: known.from_year, to: known.to_year })}</h3>
          <p className="quiet">{words(known.beyond)}</p>
          {[...known.years].reverse().map(each => (
            <HolidayYear key={each.year} year={each} open={String(each.year) === year} />
          ))}
        </section>
      )}
      {editing && <CompanyDialog onClose={() => setEditing(false)} />}
    </section>
  )
}
