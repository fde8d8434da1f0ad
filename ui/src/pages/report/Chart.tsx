import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])

/** Draws a chart. Loaded by itself, because nothing else needs what draws it. */
export default function Chart({
  label,
  option,
  onPick,
}: {
  label: string
  option: EChartsCoreOption
  /** Somebody pressed the mark of a row. */
  onPick: (row: number, series: string) => void
}) {
  const at = useRef<HTMLDivElement>(null)
  const pick = useRef(onPick)
  pick.current = onPick
  const chart = useRef<ReturnType<typeof init>>(null)
  useEffect(() => {
    if (!at.current) return
    const drawn = init(at.current, null, { renderer: 'svg' })
    chart.current = drawn
    drawn.on('click', ({ dataIndex, seriesName }) => pick.current(dataIndex, seriesName ?? ''))
    const watch = new ResizeObserver(() => drawn.resize())
    watch.observe(at.current)
    return () => {
      watch.disconnect()
      drawn.dispose()
    }
  }, [])
  useEffect(() => chart.current?.setOption(option, true), [option])
  return <div ref={at} role="img" aria-label={label} className="chart" />
}
