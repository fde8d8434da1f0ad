import type { Workdays } from '../../forms/lines/workdays'
import { useWords } from '../../i18n'
import { differing, type Otherwise, runs, runText, spansText, under } from './days'
import { DAYS } from './Week'

const SHOWN = 12

/** What saving would change, sentence by sentence. */
export function useChanges() {
  const { t } = useWords()
  const comma = t('list.comma')
  const hours = (spans: string[] | undefined) => (spans?.length ? spansText(spans) : t('calendar.off'))
  const field = (name: string, was: string, is: string) =>
    was === is ? [] : [t('calendar.change', { what: name, was: was || '–', is: is || '–' })]
  /** Weekdays that change alike are one sentence. */
  const week = (was: string[][], is: string[][]) => {
    const alike = new Map<string, number[]>()
    for (const day of DAYS) {
      const change = JSON.stringify([hours(was[day]), hours(is[day])])
      alike.set(change, [...(alike.get(change) ?? []), day])
    }
    return [...alike].flatMap(([change, days]) => {
      const [before, after] = JSON.parse(change)
      return field(days.map(day => t(`weekday.${day}`)).join(comma), before, after)
    })
  }
  const days = (was: Otherwise, is: Otherwise, base: Workdays) => {
    const touched = [...was.off, ...was.on, ...is.off, ...is.on]
    const moved = differing(touched, under(base, was), under(base, is))
    return (['off', 'on'] as const).flatMap(kind => {
      const found = runs(moved[kind])
      const shown = found.slice(0, SHOWN).map(runText).join(comma)
      if (!shown) return []
      const text = found.length > SHOWN ? t('calendar.and_more', { days: shown }) : shown
      return [t(`calendar.becomes.${kind}`, { days: text, count: moved[kind].length })]
    })
  }
  return { field, week, days }
}

/** The changes in words, right above the button that makes them. */
export function Changes({ id, lines }: { id: string; lines: string[] }) {
  const { t } = useWords()
  return (
    <section
      className="calendar-changes"
      role="status"
      data-testid={`${id}.changes`}
      data-count={lines.length}
    >
      <h3>{t('calendar.changes')}</h3>
      {lines.length === 0 ? (
        <p className="quiet">{t('calendar.no_changes')}</p>
      ) : (
        <>
          <ul>
            {lines.map(line => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p className="quiet">{t('calendar.deadlines_stay')}</p>
        </>
      )}
    </section>
  )
}
