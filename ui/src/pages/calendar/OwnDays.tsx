import { Button } from 'antd'
import type { Workdays } from '../../forms/lines/workdays'
import { useWords } from '../../i18n'
import { daysFrom, daysOfYear, differing, type Run, runs, runText, weekdayOf } from './days'

/** The days of a year that are otherwise than usual, with a way back where they can be changed. */
export function OwnDays({
  id,
  title,
  year,
  usual,
  calendar,
  names,
  onRestore,
}: {
  id: string
  title: string
  year: string
  /** What the days are held against. */
  usual: Workdays
  calendar: Workdays
  names?: Map<string, string>
  onRestore?: (days: string[]) => void
}) {
  const { t } = useWords()
  const found = differing(daysOfYear(year), usual, calendar)
  const rows = [
    ...runs(found.off).map(run => ({ run, kind: 'off' as const })),
    ...runs(found.on).map(run => ({ run, kind: 'on' as const })),
  ].sort((a, b) => a.run.from.localeCompare(b.run.from))
  const restore = (which: Run[], label: string, testid: string) =>
    onRestore && (
      <Button
        size="small"
        aria-label={label}
        onClick={() => onRestore(which.flatMap(({ from, to }) => daysFrom(from, to)))}
        data-testid={testid}
      >
        {which.length > 1 ? label : t('calendar.restore')}
      </Button>
    )
  return (
    <section className="block" data-testid={`${id}.own`} data-count={rows.length}>
      <h3>{title}</h3>
      {rows.length === 0 && <p className="quiet">{t('calendar.none_of_own')}</p>}
      <ul>
        {rows.map(({ run, kind }) => (
          <li key={run.from} className="absence-row" data-testid={`${id}.own:${run.from}`}>
            <span className={`tag tag-${kind === 'off' ? 'red' : 'blue'}`}>{t(`calendar.is.${kind}`)}</span>
            <span className="num">{runText(run)}</span>
            <span className="quiet">
              {t(`weekday.${weekdayOf(run.from)}`)}
              {run.to !== run.from && ` – ${t(`weekday.${weekdayOf(run.to)}`)}`}
            </span>
            {names?.has(run.from) && <span className="quiet">{names.get(run.from)}</span>}
            {restore([run], t('calendar.restore_days', { days: runText(run) }), `${id}.restore:${run.from}`)}
          </li>
        ))}
      </ul>
      {rows.length > 1 &&
        restore(
          rows.map(({ run }) => run),
          t('calendar.restore_all', { year }),
          `${id}.restore_all`,
        )}
    </section>
  )
}
