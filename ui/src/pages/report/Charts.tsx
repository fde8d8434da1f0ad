import { useMemo } from 'react'
import type { LostOrders, Overview } from '../../api/report'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { durationWords } from '../../ui/time'
import { Charted } from './Charted'
import type { ViewProps } from './Overview'
import { weeksOf } from './weeks'

type Open = Pick<ViewProps, 'onOpen'>

/** Told apart by lightness as well, for those who do not tell colours apart. */
const COLOURS = { received: '#91caff', confirmed: '#0958d9', lost: '#d46b08' }
const grid = { left: 48, right: 16, top: 32, bottom: 40 }
const sets = ['received', 'confirmed', 'lost'] as const

/** What was received, confirmed and lost week by week. */
export function Weeks({ data, onOpen }: Open & { data: Overview }) {
  const { t } = useWords()
  const weeks = useMemo(() => weeksOf(data.days, data), [data])
  const option = useMemo(
    () => ({
      grid,
      legend: { top: 0 },
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'category' as const, data: weeks.map(week => week.from) },
      yAxis: { type: 'value' as const, minInterval: 1 },
      series: sets.map(set => ({
        type: 'bar' as const,
        name: t(`report.set.${set}`),
        itemStyle: { color: COLOURS[set] },
        data: weeks.map(week => week[set]),
      })),
    }),
    [weeks, t],
  )
  const open = (set: (typeof sets)[number], at: number) => {
    const week = weeks[at]
    if (week) onOpen(set, { from: week.from, to: week.to })
  }
  if (!weeks.length) return null
  return (
    <Charted
      id="report.weeks"
      title={t('report.by_week')}
      option={option}
      onPick={(at, name) => open(sets.find(set => t(`report.set.${set}`) === name) ?? 'received', at)}
    >
      <table className="table" data-testid="report.weeks.table" data-count={weeks.length}>
        <thead>
          <tr>
            <th>{t('report.week')}</th>
            {sets.map(set => (
              <th key={set} className="right">
                {t(`report.set.${set}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week, at) => (
            <tr key={week.from}>
              <td>{week.from}</td>
              {sets.map(set => (
                <td key={set} className="right">
                  <button
                    type="button"
                    className="link"
                    onClick={() => open(set, at)}
                    data-testid={`report.weeks:${at}:${set}`}
                    data-count={week[set]}
                  >
                    {week[set]}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Charted>
  )
}

/** In how much working time orders were confirmed. */
export function Cycles({ data, onOpen }: Open & { data: Overview }) {
  const { t } = useWords()
  const { cycles, targets } = data
  const named = useMemo(() => {
    const time = (minutes: number) => durationWords(minutes * 60_000, t)
    return cycles.map(({ from_minutes, to_minutes }) =>
      to_minutes == null
        ? t('report.more_than', { time: time(from_minutes) })
        : t('report.less_than', { time: time(to_minutes) }),
    )
  }, [cycles, t])
  const option = useMemo(
    () => ({
      grid,
      tooltip: {},
      xAxis: { type: 'category' as const, data: named },
      yAxis: { type: 'value' as const, minInterval: 1 },
      series: [
        {
          type: 'bar' as const,
          name: t('report.set.confirmed'),
          data: cycles.map(({ orders, to_minutes }) => ({
            value: orders,
            itemStyle: {
              color:
                to_minutes != null && to_minutes <= targets.cycle_minutes ? COLOURS.confirmed : COLOURS.lost,
            },
          })),
        },
      ],
    }),
    [cycles, named, targets, t],
  )
  const open = (at: number) => {
    const span = cycles[at]
    if (span) onOpen('confirmed', { cycle: `${span.from_minutes}-${span.to_minutes ?? ''}` })
  }
  if (!data.figures.confirmed) return null
  return (
    <Charted id="report.cycles" title={t('report.by_cycle')} option={option} onPick={open}>
      <table className="table" data-testid="report.cycles.table" data-count={cycles.length}>
        <thead>
          <tr>
            <th>{t('report.cycle_time')}</th>
            <th className="right">{t('report.orders')}</th>
          </tr>
        </thead>
        <tbody>
          {cycles.map(({ from_minutes, orders }, at) => (
            <tr key={from_minutes}>
              <td>{named[at]}</td>
              <td className="right">
                <button
                  type="button"
                  className="link"
                  onClick={() => open(at)}
                  data-testid={`report.cycles:${at}`}
                  data-count={orders}
                >
                  {orders}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Charted>
  )
}

/** Why orders were lost, the most frequent reason first, and what part of all the reasons up to each one make. */
export function Reasons({ data, onOpen }: Open & { data: LostOrders }) {
  const { t, words } = useWords()
  const { reasons, lost } = data
  const option = useMemo(() => {
    let sum = 0
    const upto = reasons.map(({ orders }) => {
      sum += orders
      return Math.round((sum * 1000) / lost) / 10
    })
    return {
      grid: { ...grid, right: 48 },
      legend: { top: 0 },
      tooltip: { trigger: 'axis' as const },
      xAxis: { type: 'category' as const, data: reasons.map(row => words(row.reason.name)) },
      yAxis: [
        { type: 'value' as const, minInterval: 1 },
        { type: 'value' as const, min: 0, max: 100, axisLabel: { formatter: '{value} %' } },
      ],
      series: [
        {
          type: 'bar' as const,
          name: t('report.orders'),
          itemStyle: { color: COLOURS.lost },
          data: reasons.map(row => row.orders),
        },
        {
          type: 'line' as const,
          name: t('report.together'),
          yAxisIndex: 1,
          itemStyle: { color: COLOURS.confirmed },
          data: upto,
        },
      ],
    }
  }, [reasons, lost, t, words])
  const open = (at: number) => {
    const row = reasons[at]
    if (row) onOpen('lost', { reason: row.reason.code })
  }
  return (
    <Charted id="report.pareto" title={t('report.by_reason')} option={option} onPick={open}>
      <table className="table" data-testid="report.reasons" data-count={reasons.length}>
        <thead>
          <tr>
            <th>{t('report.reason')}</th>
            <th className="right">{t('report.orders')}</th>
            <th className="right">{t('report.worth')}</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((row, at) => (
            <tr key={row.reason.code}>
              <td>{words(row.reason.name)}</td>
              <td className="right">
                <button
                  type="button"
                  className="link"
                  onClick={() => open(at)}
                  data-testid={`report.reason:${row.reason.code}`}
                  data-count={row.orders}
                >
                  {row.orders}
                </button>
              </td>
              <td className="right">
                <Money value={row.amount} currency={data.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Charted>
  )
}
