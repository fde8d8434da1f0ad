import { Select } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import { useOrders } from '../../../api/hooks'
import type { Order } from '../../../api/types'
import { FormDialog } from '../../../forms/FormDialog'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'

/** Takes the lines of another order of the same customer over; that one is cancelled. */
export function MergeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code } = useWords()
  const [from, setFrom] = useState<string>()
  const [reason, setReason] = useState('')
  const write = useOrderAct(order.id)
  const others = useOrders({
    customer: order.customer.code ?? undefined,
    status: 'draft,incomplete,in_review,awaiting_customer',
  })
  const rows = others.data?.pages.flatMap(page => page.items).filter(row => row.id !== order.id) ?? []
  const body = from && reason.trim() ? { from, reason: reason.trim() } : undefined
  return (
    <FormDialog
      id="order.merge"
      title={t('merge.title', { number: order.number })}
      okText={t('action.merge')}
      ready={body !== undefined}
      write={write}
      shown={[]}
      onSend={() => body && write.mutate({ act: 'merge', body }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="quiet">{t('merge.text')}</p>
      <div className="field">
        <span>{t('merge.from')}</span>
        <Select
          aria-label={t('merge.from')}
          placeholder={others.isPending ? undefined : t(rows.length ? 'merge.from' : 'merge.none')}
          loading={others.isPending}
          disabled={!rows.length}
          value={from}
          onChange={setFrom}
          options={rows.map(row => ({
            value: row.id,
            label: [row.number, row.customer_po, code('status', row.status)].filter(Boolean).join(' · '),
          }))}
          data-testid="order.merge.from"
        />
      </div>
      <TextField label={t('task.reason')} value={reason} onChange={setReason} id="order.merge.reason" />
    </FormDialog>
  )
}
