import { Button, Drawer } from 'antd'
import { boardFile, type ReportTask, type TaskChoice, useReportTasks } from '../../api/boards'
import type { Period } from '../../api/report'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { When } from '../../ui/Time'
import { durationWords } from '../../ui/time'
import { orderColumn } from './orderColumn'

/** Exactly the tasks that a figure counts, and the same as a file. */
export function TaskRows({
  title,
  choice,
  period,
  onClose,
}: {
  title: string
  choice: TaskChoice
  period: Period
  onClose: () => void
}) {
  const { t, code, words } = useWords()
  const columns: Column<ReportTask>[] = [
    orderColumn(t('col.number')),
    { key: 'step', title: t('report.step'), cell: row => words(row.node_name) },
    {
      key: 'department',
      title: t('report.department'),
      cell: row => [code('department', row.department), row.person].filter(Boolean).join(' · ') || '–',
    },
    { key: 'opened', title: t('report.task.opened'), cell: row => <When at={row.opened_at} /> },
    { key: 'due', title: t('report.task.due'), cell: row => <When at={row.due_at} /> },
    {
      key: 'late',
      title: t('report.late_tasks'),
      right: true,
      cell: row => (row.late_minutes == null ? '–' : durationWords(row.late_minutes * 60_000, t)),
    },
    {
      key: 'decision',
      title: t('report.task.decision'),
      cell: row =>
        [code('decision', row.decision), row.reason].filter(Boolean).join('：') ||
        t(row.ended_at ? 'report.task.not_needed' : 'report.task.open'),
    },
    { key: 'urges', title: t('report.task.urges'), right: true, cell: row => row.urges || '–' },
  ]
  return (
    <Drawer
      open
      size={1040}
      title={title}
      onClose={onClose}
      extra={
        <Button href={boardFile('tasks', choice, period)} data-testid="report.tasks.file">
          {t('report.file')}
        </Button>
      }
    >
      <DataTable
        id="report.tasks"
        label={title}
        live="order"
        pages={useReportTasks(choice, period)}
        keyOf={row => row.task_id}
        columns={columns}
        none={t('report.nothing')}
      />
    </Drawer>
  )
}
