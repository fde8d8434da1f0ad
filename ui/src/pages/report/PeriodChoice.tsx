import { Segmented } from 'antd'
import { DayField } from '../../forms/FilterFields'
import { useWords } from '../../i18n'
import { type Asked, daysAfter, lastDays, SPANS } from './period'

/** So many days up to today, or from one day to another. */
export function PeriodChoice({
  asked,
  today,
  onChange,
}: {
  asked: Asked
  today: string
  onChange: (next: Partial<Asked>) => void
}) {
  const { t } = useWords()
  const { days, first, last } = asked
  const own = first !== undefined && last !== undefined
  const choose = (chosen: number | 'own') => {
    if (chosen !== 'own') return onChange({ days: chosen, first: undefined, last: undefined })
    const { from, to } = lastDays(days, today)
    onChange({ days: 30, first: from, last: daysAfter(to, -1) })
  }
  return (
    <>
      <Segmented
        aria-label={t('report.period')}
        value={own ? 'own' : days}
        onChange={choose}
        options={[
          ...SPANS.map(span => ({
            value: span,
            label: span === 1 ? t('report.today') : t('report.last_days', { count: span }),
          })),
          { value: 'own' as const, label: t('report.own_days') },
        ]}
        data-testid="report.period"
      />
      {own && (
        <>
          <DayField
            id="report.first"
            label={t('report.first')}
            value={first}
            onChange={day => day && onChange({ first: day })}
          />
          <DayField
            id="report.last"
            label={t('report.last')}
            value={last}
            onChange={day => day && onChange({ last: day })}
          />
        </>
      )}
    </>
  )
}
