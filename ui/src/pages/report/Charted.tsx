import { Segmented } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react'
import { useWords } from '../../i18n'
import { Loading } from '../../ui/states'

const Chart = lazy(() => import('./Chart'))

type Shown = 'chart' | 'table'

/** Whether the charts of a board show their figures as tables. */
export const AsTables = createContext(false)

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
  const all = useContext(AsTables)
  const [own, setOwn] = useState<{ all: boolean; shown: Shown }>()
  const usual: Shown = all ? 'table' : 'chart'
  // What was chosen here holds until all are turned.
  const shown = own && own.all === all ? own.shown : usual
  return (
    <section className="block" data-testid={id}>
      <header className="chart-head">
        <h3>{title}</h3>
        <Segmented
          size="small"
          aria-label={t('report.shown_as', { what: title })}
          value={shown}
          onChange={(shown: Shown) => setOwn({ all, shown })}
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
