import { type Cut, type Overview as Data, type Figures, type Period, useOverview } from '../../api/report'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Loading } from '../../ui/states'
import { durationWords } from '../../ui/time'
import { Cycles, Weeks } from './Charts'
import { percentOf } from './period'
import { Funnel } from './Stages'
import { Targets } from './Targets'
import { Unshown } from './Unshown'

export interface ViewProps {
  period: Period
  /** Opens the list of exactly the orders that a figure counts. */
  onOpen: (set: string, part?: Cut & Partial<Period>) => void
}

interface Card {
  set: string
  value: (figures: Figures, data: Data) => React.ReactNode
}

function useCards(): Card[] {
  const { t } = useWords()
  const time = (minutes: number | null | undefined) =>
    minutes == null ? '–' : durationWords(minutes * 60_000, t)
  const share = (set: keyof Figures, of: 'received' | 'confirmed') => ({
    set,
    value: (figures: Figures) => (
      <>
        {String(figures[set])} <span className="quiet">{percentOf(Number(figures[set]), figures[of])}</span>
      </>
    ),
  })
  return [
    {
      set: 'confirmed',
      value: figures => (
        <>
          {time(figures.cycle_p50)} <span className="quiet">P90 {time(figures.cycle_p90)}</span>
        </>
      ),
    },
    { set: 'received', value: figures => figures.received },
    {
      set: 'lost',
      value: (figures, data) => (
        <>
          {figures.lost} <span className="quiet">{percentOf(figures.lost, figures.received)}</span>{' '}
          <Money value={figures.lost_amount} currency={data.currency} />
        </>
      ),
    },
    share('suspected', 'received'),
    share('recovered', 'received'),
    share('first_pass', 'confirmed'),
    share('straight_through', 'confirmed'),
    share('with_exception', 'received'),
    share('returned', 'confirmed'),
    share('changed', 'confirmed'),
    share('complained', 'confirmed'),
  ]
}

function Days({ data }: { data: Data }) {
  const { t } = useWords()
  if (!data.days.length) return <p className="quiet">{t('report.nothing')}</p>
  return (
    <table className="table table-cards" data-testid="report.days" data-count={data.days.length}>
      <thead>
        <tr>
          <th>{t('report.day')}</th>
          {(['received', 'confirmed', 'lost'] as const).map(name => (
            <th key={name} className="right">
              {t(`report.set.${name}`)}
            </th>
          ))}
          <th className="right">{t('report.cycle_p50')}</th>
        </tr>
      </thead>
      <tbody>
        {[...data.days].reverse().map(day => (
          <tr key={day.day}>
            <td>{day.day}</td>
            {(['received', 'confirmed', 'lost'] as const).map(name => (
              <td key={name} className="right" data-label={t(`report.set.${name}`)}>
                {day[name]}
              </td>
            ))}
            <td className="right" data-label={t('report.cycle_p50')}>
              {day.cycle_p50 == null ? '–' : durationWords(day.cycle_p50 * 60_000, t)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The figures of a period beside those of the one before; each opens its orders. */
export function Overview({ period, onOpen }: ViewProps) {
  const { t } = useWords()
  const cards = useCards()
  const { data, error, isPending, refetch } = useOverview(period)
  if (isPending) return <Loading rows={6} />
  if (!data) return <Unshown id="report" error={error} retry={() => refetch()} />
  return (
    <>
      <ul className="report-cards" data-testid="report.cards">
        {cards.map(({ set, value }) => (
          <li key={set}>
            <button
              type="button"
              className="report-card"
              onClick={() => onOpen(set)}
              data-testid={`report.card:${set}`}
              data-count={data.figures[set as keyof Figures] as number}
            >
              <span className="quiet">{t(set === 'confirmed' ? 'report.cycle' : `report.set.${set}`)}</span>
              <span className="report-value">{value(data.figures, data)}</span>
              <span className="quiet">
                {t('report.previous')} {value(data.previous, data)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Targets data={data} />
      <Funnel data={data} onOpen={onOpen} />
      <Weeks data={data} onOpen={onOpen} />
      <Cycles data={data} onOpen={onOpen} />
      <Days data={data} />
    </>
  )
}
