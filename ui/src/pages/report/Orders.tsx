import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { type Cut, factFile, type OrderFact, type Period, useFactOrders } from '../../api/report'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money } from '../../ui/Money'
import { When } from '../../ui/Time'
import { durationWords } from '../../ui/time'
import { LossDialog } from './LossDialog'
import { orderColumn } from './orderColumn'

/** Exactly the orders that a figure counts, and the same as a file. */
export function Orders({
  set,
  period,
  cut,
  currency,
  onClose,
}: {
  set: string
  period: Period
  cut: Cut
  currency?: string
  onClose: () => void
}) {
  const { t, code, words } = useWords()
  const [explaining, setExplaining] = useState<OrderFact>()
  const columns: Column<OrderFact>[] = [
    orderColumn(t('col.number')),
    { key: 'customer', title: t('col.customer'), cell: row => row.customer_name ?? row.customer ?? '–' },
    { key: 'status', title: t('col.status'), cell: row => code('status', row.status) },
    { key: 'received', title: t('report.set.received'), cell: row => <When at={row.received_at} /> },
    {
      key: 'cycle',
      title: t('report.cycle_time'),
      right: true,
      cell: row => (row.cycle_minutes == null ? '–' : durationWords(row.cycle_minutes * 60_000, t)),
    },
    {
      key: 'reason',
      title: t('report.reason'),
      cell: row =>
        row.lost_reason ? (
          <>
            {words(row.lost_reason.name)}{' '}
            {row.lost_by ? (
              <span className="quiet">{t('report.loss_by', { who: row.lost_by })}</span>
            ) : (
              <Button
                size="small"
                onClick={() => setExplaining(row)}
                data-testid={`report.explain:${row.number}`}
              >
                {t('report.explain')}
              </Button>
            )}
          </>
        ) : (
          '–'
        ),
    },
    {
      key: 'amount',
      title: t('report.worth'),
      right: true,
      cell: row => (row.amount ? <Money value={row.amount} currency={currency} /> : '–'),
    },
  ]
  return (
    <Drawer
      open
      size={960}
      title={t(`report.set.${set}`)}
      onClose={onClose}
      extra={
        <Button href={factFile(set, period, cut)} data-testid="report.orders.file">
          {t('report.file')}
        </Button>
      }
    >
      <DataTable
        id="report.orders"
        label={t(`report.set.${set}`)}
        live="order"
        pages={useFactOrders(set, period, cut)}
        keyOf={row => row.number}
        columns={columns}
        none={t('report.nothing')}
      />
      {explaining && <LossDialog order={explaining} onClose={() => setExplaining(undefined)} />}
    </Drawer>
  )
}
