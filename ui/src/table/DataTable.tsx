import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Pages } from '../api/pages'
import { useKeys } from '../app/keys'
import { useWords } from '../i18n'
import { Empty, Failed, Loading } from '../ui/states'
import { useHeld } from './heldRows'

export interface Column<Row> {
  key: string
  title: string
  right?: boolean
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  id: string
  label: string
  /** The topic of events that the list follows. */
  live: 'stock' | 'master' | 'order'
  pages: Pages<Row>
  keyOf: (row: Row) => string
  columns: Column<Row>[]
  /** What is said when there is no row. */
  none: string
  /** Takes the filters away that may have caused it. */
  onClear?: () => void
  /** Opens a row, from its first cell or with Enter. */
  onOpen?: (row: Row) => void
}

function Rows<Row>({
  id,
  label,
  live,
  keyOf,
  columns,
  onOpen,
  held,
}: Omit<Props<Row>, 'pages' | 'none'> & {
  held: ReturnType<typeof useHeld<Row>>['held']
}) {
  const [at, setAt] = useState(-1)
  const place = (row: Row) => `${id}-${keyOf(row)}`
  const move = (by: number) => {
    const next = Math.min(Math.max(at + by, 0), held.length - 1)
    setAt(next)
    const row = held[next]?.row
    if (row) document.getElementById(place(row))?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    enter: () => {
      const row = held[at]?.row
      if (row) onOpen?.(row)
    },
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="table-wrap card" tabIndex={0} aria-label={label}>
      <table
        className="table table-cards"
        data-testid={`${id}.list`}
        data-count={held.length}
        data-live={live}
      >
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.key} className={column.right ? 'right' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {held.map(({ row, goneAt }, i) => (
            <tr
              key={keyOf(row)}
              id={place(row)}
              className={goneAt === null ? undefined : 'gone'}
              aria-current={i === at || undefined}
              data-testid={`${id}.row:${keyOf(row)}`}
            >
              {columns.map((column, nth) => (
                <td
                  key={column.key}
                  className={column.right ? 'right' : undefined}
                  data-label={nth ? column.title : undefined}
                >
                  {nth === 0 && onOpen ? (
                    <button
                      type="button"
                      className="row-open"
                      onClick={() => onOpen(row)}
                      data-testid={`${id}.open:${keyOf(row)}`}
                    >
                      {column.cell(row)}
                    </button>
                  ) : (
                    column.cell(row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A live list that is read page by page: rows stay where they are, new ones wait behind a pill. */
export function DataTable<Row>({ pages, none, onClear, ...props }: Props<Row>) {
  const { t } = useWords()
  const { id, keyOf } = props
  const { held, waiting, show } = useHeld(pages.rows, keyOf, pages.scope)
  return (
    <>
      {waiting > 0 && (
        <button
          type="button"
          className="pill-new"
          onClick={show}
          data-testid={`${id}.fresh`}
          data-live={props.live}
        >
          {t('list.new_rows', { count: waiting })}
        </button>
      )}
      {pages.isPending && <Loading rows={10} />}
      {pages.error && !pages.data && <Failed id={id} error={pages.error} retry={() => pages.refetch()} />}
      {pages.rows?.length === 0 && held.length === 0 && (
        <Empty id={id} text={none}>
          {onClear && (
            <Button onClick={onClear} data-testid={`${id}.clear`}>
              {t('action.clear_filter')}
            </Button>
          )}
        </Empty>
      )}
      {held.length > 0 && <Rows {...props} held={held} />}
      {pages.hasNextPage && (
        <Button
          block
          loading={pages.isFetchingNextPage}
          onClick={() => pages.fetchNextPage()}
          data-testid={`${id}.more`}
        >
          {t('action.load_more')}
        </Button>
      )}
    </>
  )
}
