import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useMe, useTasks } from '../../api/hooks'
import { usePutPurchase, usePutWorkOrder, useShortages } from '../../api/supply'
import type { ShortageTask } from '../../api/types'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Quantity } from '../../ui/Money'
import { Refusal } from '../../ui/states'
import { Day, Remaining } from '../../ui/Time'
import { PurchaseDialog } from '../stock/PurchaseDialog'
import { WorkOrderDialog } from '../stock/WorkDialogs'
import { TaskTabs } from './TaskTabs'

const keyOf = (row: ShortageTask) => `${row.number}:${row.line ?? 0}`

function useColumns(
  onAnswer: (row: ShortageTask) => void,
  onTake: (row: ShortageTask) => void,
): Column<ShortageTask>[] {
  const { t, code, words } = useWords()
  const { data: me } = useMe()
  return [
    {
      key: 'kind',
      title: t('shortage.kind'),
      cell: row => <span className="tag tag-amber">{code('shortage_kind', row.kind)}</span>,
    },
    {
      key: 'product',
      title: t('stock.product'),
      cell: row => (
        <span className="strong">
          {row.product} {row.product_name && <span className="quiet">{row.product_name}</span>}
        </span>
      ),
    },
    {
      key: 'quantity',
      title: t('shortage.quantity'),
      right: true,
      cell: row => <Quantity value={row.quantity} />,
    },
    { key: 'need', title: t('shortage.need_date'), cell: row => <Day date={row.need_date} /> },
    {
      key: 'order',
      title: t('stock.order'),
      cell: row =>
        row.order_id ? (
          <Link to="/orders/$id" params={{ id: row.order_id }} data-testid={`shortage.order:${keyOf(row)}`}>
            {row.order_number ?? t('action.view')}
          </Link>
        ) : (
          '–'
        ),
    },
    {
      key: 'owner',
      title: t('shortage.owner'),
      cell: row => <span data-testid={`shortage.owner:${keyOf(row)}`}>{words(row.owner.name)}</span>,
    },
    {
      key: 'answer_by',
      title: t('shortage.answer_by'),
      cell: row => (row.answer_by ? <Remaining due={row.answer_by} /> : '–'),
    },
    {
      key: 'acts',
      title: '',
      cell: row => (
        <span className="nowrap">
          {row.owner.key !== me?.login && (
            <Button size="small" onClick={() => onTake(row)} data-testid={`shortage.take:${keyOf(row)}`}>
              {t('shortage.take')}
            </Button>
          )}{' '}
          <Button
            size="small"
            type="primary"
            onClick={() => onAnswer(row)}
            data-testid={`shortage.answer:${keyOf(row)}`}
          >
            {t(row.kind === 'work' ? 'shortage.plan' : 'shortage.buy')}
          </Button>
        </span>
      ),
    },
  ]
}

/** What orders are short of and nobody has ordered or planned, the most urgent first. */
export function Shortages() {
  const { t } = useWords()
  const { data: me } = useMe()
  const counts = useTasks('mine').data?.pages[0]?.counts
  const [answering, setAnswering] = useState<ShortageTask>()
  const buy = usePutPurchase()
  const plan = usePutWorkOrder()
  const take = (row: ShortageTask) => {
    const body = { number: row.number, owner: me?.login ?? '' }
    if (row.kind === 'work') plan.mutate(body)
    else buy.mutate({ ...body, line: row.line })
  }
  const asked = answering && {
    number: answering.number,
    state: 'requested',
    product: answering.product,
    warehouse: answering.warehouse,
    quantity: answering.quantity,
    due_date: answering.need_date,
  }
  const close = () => setAnswering(undefined)
  return (
    <div className="page" data-testid="shortages.page">
      <div className="page-head">
        <h1>{t('nav.tasks')}</h1>
      </div>
      <TaskTabs value="shortages" counts={counts} />
      <Refusal id="shortages" error={buy.error ?? plan.error} />
      <DataTable
        id="shortages"
        label={t('queue.shortages')}
        live="stock"
        pages={useShortages()}
        keyOf={keyOf}
        columns={useColumns(setAnswering, take)}
        none={t('shortage.none')}
      />
      {asked && answering.kind === 'work' && (
        <WorkOrderDialog work={{ ...asked, work_centre: answering.work_centre }} answer onClose={close} />
      )}
      {asked && answering.kind === 'purchase' && (
        <PurchaseDialog
          line={{ ...asked, line: answering.line ?? 1, supplier: null }}
          answer
          onClose={close}
        />
      )}
    </div>
  )
}
