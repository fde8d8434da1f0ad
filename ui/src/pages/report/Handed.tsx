import { Button, Drawer } from 'antd'
import { useState } from 'react'
import {
  type HandOver,
  type HandOverChoice,
  handOverFile,
  type Period,
  useHandOverList,
  useHandOvers,
} from '../../api/report'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Empty, Loading } from '../../ui/states'
import { When } from '../../ui/Time'
import { durationWords } from '../../ui/time'
import type { ViewProps } from './Overview'
import { orderColumn } from './orderColumn'
import { Unshown } from './Unshown'

const sets = ['sent', 'received', 'waiting'] as const
const times = ['receive_p50', 'receive_p90', 'take_p50'] as const

/** Exactly the hand-overs that a figure counts, and the same as a file. */
export function HandOverRows({
  choice,
  period,
  onClose,
}: {
  choice: HandOverChoice
  period: Period
  onClose: () => void
}) {
  const { t, code, words } = useWords()
  const columns: Column<HandOver>[] = [
    orderColumn(t('col.number')),
    { key: 'step', title: t('report.step'), cell: row => words(row.node_name) },
    { key: 'why', title: t('report.why'), cell: row => (row.why ? code('hand_over', row.why) : '–') },
    { key: 'sent', title: t('order.passage.sent'), cell: row => <When at={row.sent_at} /> },
    { key: 'received', title: t('order.passage.received'), cell: row => <When at={row.received_at} /> },
    { key: 'taken', title: t('order.passage.taken'), cell: row => <When at={row.taken_at} /> },
  ]
  const department = choice.department
    ? code('department', choice.department)
    : t('report.handed.no_department')
  const title = `${department} · ${t(`report.handed.${choice.set}`)}`
  return (
    <Drawer
      open
      size={960}
      title={title}
      onClose={onClose}
      extra={
        <Button href={handOverFile(choice, period)} data-testid="report.handed.file">
          {t('report.file')}
        </Button>
      }
    >
      <DataTable
        id="report.handed.rows"
        label={title}
        live="order"
        pages={useHandOverList(choice, period)}
        keyOf={row => `${row.number} ${row.node_id} ${row.sent_at}`}
        columns={columns}
        none={t('report.nothing')}
      />
    </Drawer>
  )
}

/** How long work lay at each department before somebody opened it and took it on. */
export function Handed({ period }: ViewProps) {
  const { t, code } = useWords()
  const [choice, setChoice] = useState<HandOverChoice>()
  const { data, error, isPending, refetch } = useHandOvers(period)
  if (isPending) return <Loading rows={4} />
  if (!data) return <Unshown id="report.handed" error={error} retry={() => refetch()} />
  if (!data.departments.length) return <Empty id="report.handed" text={t('report.handed.none')} />
  return (
    <>
      <table className="table table-cards" data-testid="report.handed" data-count={data.departments.length}>
        <thead>
          <tr>
            <th>{t('report.department')}</th>
            {[...sets, ...times].map(name => (
              <th key={name} className="right">
                {t(`report.handed.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.departments.map(row => (
            <tr key={row.department} data-testid={`report.handed:${row.department}`}>
              <td className="strong">
                {row.department ? code('department', row.department) : t('report.handed.no_department')}
              </td>
              {sets.map(set => (
                <td key={set} className="right" data-label={t(`report.handed.${set}`)}>
                  <button
                    type="button"
                    className="link"
                    data-testid={`report.handed:${row.department}:${set}`}
                    data-count={row[set]}
                    onClick={() => setChoice({ set, department: row.department })}
                  >
                    {row[set]}
                  </button>
                </td>
              ))}
              {times.map(name => (
                <td key={name} className="right" data-label={t(`report.handed.${name}`)}>
                  {row[name] == null ? '–' : durationWords(row[name] * 60_000, t)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {choice && <HandOverRows choice={choice} period={period} onClose={() => setChoice(undefined)} />}
    </>
  )
}
