import { useMemo } from 'react'
import type { Overview, Speeds } from '../../api/report'
import { useWords } from '../../i18n'
import { durationWords } from '../../ui/time'
import { Charted } from './Charted'
import type { ViewProps } from './Overview'
import { percentOf } from './period'

type Open = Pick<ViewProps, 'onOpen'>

const grid = { left: 96, right: 24, top: 16, bottom: 32 }
const COLOUR = '#0958d9'
const MINUTE_MS = 60_000

/** How many of the orders that came got how far. */
export function Funnel({ data, onOpen }: Open & { data: Overview }) {
  const { t } = useWords()
  const { funnel } = data
  const option = useMemo(
    () => ({
      grid,
      tooltip: {},
      xAxis: { type: 'value' as const, minInterval: 1 },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: funnel.map(({ stage }) => t(`report.funnel.${stage}`)),
      },
      series: [
        {
          type: 'bar' as const,
          name: t('report.orders'),
          itemStyle: { color: COLOUR },
          label: { show: true, position: 'right' as const },
          data: funnel.map(({ orders }) => orders),
        },
      ],
    }),
    [funnel, t],
  )
  const open = (at: number) => onOpen('received', { reached: String(at) })
  const all = funnel[0]?.orders ?? 0
  if (!all) return null
  return (
    <Charted id="report.funnel" title={t('report.funnel')} option={option} onPick={open}>
      <table className="table" data-testid="report.funnel.table" data-count={funnel.length}>
        <thead>
          <tr>
            <th>{t('report.funnel_stage')}</th>
            <th className="right">{t('report.orders')}</th>
            <th className="right">{t('report.of_stage_before')}</th>
          </tr>
        </thead>
        <tbody>
          {funnel.map(({ stage, orders }, at) => (
            <tr key={stage}>
              <td>{t(`report.funnel.${stage}`)}</td>
              <td className="right">
                <button
                  type="button"
                  className="link"
                  onClick={() => open(at)}
                  data-testid={`report.funnel:${stage}`}
                  data-count={orders}
                >
                  {orders}
                </button>
              </td>
              <td className="right">{percentOf(orders, funnel[at - 1]?.orders ?? orders)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Charted>
  )
}

/** What the mean time to confirmation consists of: whom orders waited for, each part on top of those before it. */
export function Waterfall({ data, onOpen }: Open & { data: Speeds }) {
  const { t, code } = useWords()
  const { parts, confirmed, cycle_minutes: sum } = data
  const named = useMemo(
    () =>
      parts.map(({ part }) =>
        part.startsWith('@') ? t(`report.part.${part.slice(1)}`) : code('department', part),
      ),
    [parts, t, code],
  )
  const mean = (minutes: number) => durationWords((minutes / (confirmed || 1)) * MINUTE_MS, t)
  const option = useMemo(() => {
    const shown = (minutes: number) => Math.round((minutes * 10) / (confirmed || 1)) / 10
    let below = 0
    const under = parts.map(({ minutes }) => {
      below += minutes
      return shown(below - minutes)
    })
    return {
      grid,
      xAxis: { type: 'category' as const, data: [...named, t('report.cycle_mean')] },
      yAxis: { type: 'value' as const, name: t('report.minutes') },
      series: [
        {
          type: 'bar' as const,
          stack: 'time',
          silent: true,
          itemStyle: { color: 'transparent' },
          data: [...under, 0],
        },
        {
          type: 'bar' as const,
          stack: 'time',
          name: t('report.waterfall'),
          itemStyle: { color: COLOUR },
          label: { show: true, position: 'top' as const },
          data: [...parts.map(({ minutes }) => shown(minutes)), shown(sum)],
        },
      ],
    }
  }, [parts, named, confirmed, sum, t])
  const open = (at: number) => {
    const part = parts[at]
    onOpen('confirmed', part && { part: part.part })
  }
  if (!parts.length) return null
  return (
    <Charted id="report.waterfall" title={t('report.waterfall')} option={option} onPick={open}>
      <table className="table" data-testid="report.waterfall.table" data-count={parts.length}>
        <thead>
          <tr>
            <th>{t('report.waited_for')}</th>
            <th className="right">{t('report.orders')}</th>
            <th className="right">{t('report.mean_part')}</th>
            <th className="right">{t('report.share')}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ part, orders, minutes }, at) => (
            <tr key={part} data-minutes={minutes}>
              <td>{named[at]}</td>
              <td className="right">
                <button
                  type="button"
                  className="link"
                  onClick={() => open(at)}
                  data-testid={`report.waterfall:${part}`}
                  data-count={orders}
                >
                  {orders}
                </button>
              </td>
              <td className="right">{mean(minutes)}</td>
              <td className="right">{percentOf(minutes, sum)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-minutes={sum} data-testid="report.waterfall.sum">
            <th>{t('report.cycle_mean')}</th>
            <td className="right">{confirmed}</td>
            <td className="right">{mean(sum)}</td>
            <td className="right">{percentOf(sum, sum)}</td>
          </tr>
        </tfoot>
      </table>
    </Charted>
  )
}
