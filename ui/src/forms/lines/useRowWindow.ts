import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'

const ROW_PX = 37
const OVERSCAN = 10
/** What stands over the page while it scrolls: the headers of the shell and of the form. */
const UNDER_HEADERS_PX = 200
const OVER_EDGE_PX = 60

/**
 * The rows of a long table that are near the screen, and the heights of what is left out between them.
 * The row `kept` is always among them, so that its editor does not lose what is being typed.
 */
export function useRowWindow(count: number, keyOf: (index: number) => string, kept: number) {
  const table = useRef<HTMLTableElement>(null)
  const [top, setTop] = useState(0)
  // What is above the table grows and shrinks with the findings.
  useLayoutEffect(() => {
    const body = table.current?.tHead?.getBoundingClientRect().bottom ?? 0
    const now = Math.round(body + window.scrollY)
    if (Math.abs(now - top) > 1) setTop(now)
  })
  const rows = useWindowVirtualizer<HTMLTableSectionElement>({
    count,
    estimateSize: () => ROW_PX,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: UNDER_HEADERS_PX,
    scrollPaddingEnd: OVER_EDGE_PX,
    useFlushSync: false,
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range)
      return kept < 0 || kept >= count || shown.includes(kept)
        ? shown
        : [...shown, kept].sort((a, b) => a - b)
    },
  })
  useLayoutEffect(() => {
    if (kept >= 0) rows.scrollToIndex(kept, { align: 'auto' })
  }, [kept, rows])

  let end = top
  const shown = rows.getVirtualItems().map(({ index, start, end: itsEnd }) => {
    const gap = start - end
    end = itsEnd
    return { index, gap }
  })
  return { table, shown, rest: rows.getTotalSize() + top - end, measure: rows.measureElement }
}
