import { Button, Drawer } from 'antd'
import { boardFile, type Happening, type HappeningChoice, useHappenings } from '../../api/boards'
import type { Period } from '../../api/report'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { When } from '../../ui/Time'
import { durationWords } from '../../ui/time'
import { orderColumn } from './orderColumn'

/** Exactly what a figure counts of what happened to orders, and the same as a file. */
export function HappeningRows({
  title,
  choice,
  period,
  onClose,
}: {
  title: string
  choice: HappeningChoice
  period: Period
  onClose: () => void
}) {
  const { t, words } = useWords()
  const columns: Column<Happening>[] = [
    orderColumn(t('col.number')),
    { key: 'about', title: t('report.happening.about'), cell: row => words(row.about_name) },
    { key: 'at', title: t('report.happening.at'), cell: row => <When at={row.at} /> },
    { key: 'state', title: t('col.status'), cell: row => words(row.state_name) },
    {
      key: 'took',
      title: t('report.happening.took'),
      right: true,
      cell: row => (row.minutes == null ? '–' : durationWords(row.minutes * 60_000, t)),
    },
  ]
  return (
    <Drawer
      open
      size={860}
      title={title}
      onClose={onClose}
      extra={
        <Button href={boardFile('happenings', choice, period)} data-testid="report.happenings.file">
          {t('report.file')}
        </Button>
      }
    >
      <DataTable
        id="report.happenings"
        label={title}
        live="order"
        pages={useHappenings(choice, period)}
        keyOf={row => `${row.order_id} ${row.kind} ${row.subject}`}
        columns={columns}
        none={t('report.nothing')}
      />
    </Drawer>
  )
}
