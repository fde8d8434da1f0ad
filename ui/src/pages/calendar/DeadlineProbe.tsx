import { Select } from 'antd'
import { useState } from 'react'
import { useDeadline, useDepartments } from '../../api/admin'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { Failed } from '../../ui/states'
import { useZone } from '../../ui/Time'
import { instantFull } from '../../ui/time'

/** When something would be due: the clock that everybody agrees on, tried out. */
export function DeadlineProbe() {
  const { t, words } = useWords()
  const zone = useZone()
  const departments = useDepartments()
  const [from, setFrom] = useState('')
  const [hours, setHours] = useState('4')
  const [department, setDepartment] = useState<string>()
  const minutes = Math.round(Number(hours) * 60)
  const ready = hours.trim() !== '' && Number.isFinite(minutes) && minutes >= 0
  const { data, error } = useDeadline(
    { minutes: String(minutes), department, ...(from && { from: new Date(from).toISOString() }) },
    ready,
  )
  return (
    <section className="card tab-body">
      <h2>{t('calendar.probe')}</h2>
      <div className="audit-filters">
        <TextField
          type="datetime-local"
          label={t('calendar.arrives')}
          value={from}
          onChange={setFrom}
          id="calendar.from"
        />
        <TextField
          inputMode="decimal"
          label={t('calendar.hours')}
          value={hours}
          onChange={setHours}
          id="calendar.hours"
        />
        <label className="field">
          <span>{t('filter.department')}</span>
          <Select
            allowClear
            aria-label={t('filter.department')}
            placeholder={t('calendar.company')}
            value={department}
            onChange={setDepartment}
            options={departments.data?.map(each => ({ value: each.code, label: words(each.name) }))}
            data-testid="calendar.department"
          />
        </label>
      </div>
      {error && <Failed id="calendar.probe" error={error} />}
      {data && ready && (
        <p data-testid="calendar.due" data-due={data.due_at}>
          <span className="strong">
            {t('calendar.due', { time: instantFull(Date.parse(data.due_at), zone) })}
          </span>{' '}
          <span className="quiet">
            {data.notice_at !== data.due_at &&
              t('calendar.notice', { time: instantFull(Date.parse(data.notice_at), zone) })}{' '}
            {words(data.note)}
          </span>
        </p>
      )}
    </section>
  )
}
