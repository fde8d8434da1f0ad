import { Segmented } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useWords } from '../../i18n'
import { Loading } from '../../ui/states'

const Chart = lazy(() => import('./Chart'))

/** Figures as a chart, or as the table that says the same; a mark of the chart opens what its row opens. */
export function Charted({
  id,
  title,
  option,
  onPick,
  children,
}: {
  id: string
  title: string
  option: EChartsCoreOption
  onPick: (row: number, series: string) => void
  children: ReactNode
}) {
  const { t } = useWords()
  const [shown, setShown] = useState<'chart' | 'table'>('chart')
  return (
    <section className="block" data-testid={id}>
      <header className="chart-head">
        <h3>{title}</h3>
        <Segmented
          size="small"
          aria-label={t('report.shown_as', { what: title })}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'chart', label: t('report.as_chart') },
            { value: 'table', label: t('report.as_table') },
          ]}
          data-testid={`${id}.shown`}
        />
      </header>
      {shown === 'chart' ? (
        <Suspense fallback={<Loading rows={4} />}>
          <Chart label={title} option={option} onPick={onPick} />
        </Suspense>
      ) : (
        children
      )}
    </section>
  )
}
