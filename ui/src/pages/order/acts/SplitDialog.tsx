import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import type { Order } from '../../../api/types'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'

/** Puts lines, or parts of them, into an order of their own. The server says what cannot go. */
export function SplitDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useWords()
  const [moved, setMoved] = useState<Record<string, string>>({})
  const [reason, setReason] = useState('')
  const write = useOrderAct(order.id)
  const lines = Object.entries(moved)
    .filter(([, quantity]) => quantity.trim() !== '')
    .map(([line, quantity]) => ({ line: Number(line), quantity: quantity.trim() }))
  const ready = lines.length > 0 && reason.trim() !== '' && !write.isPending
  const send = () =>
    ready && write.mutate({ act: 'split', body: { lines, reason: reason.trim() } }, { onSuccess: onClose })
  return (
    <Modal
      open
      title={t('split.title', { number: order.number })}
      okText={t('action.split')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.split.send' } as never}
      confirmLoading={write.isPending}
    >
      <p className="quiet">{t('split.text')}</p>
      <table className="table table-cards" data-testid="order.split.lines" data-count={order.lines.length}>
        <thead>
          <tr>
            <th>{t('line.product')}</th>
            <th>{t('line.quantity')}</th>
            <th>{t('split.moved')}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map(line => (
            <tr key={line.id}>
              <td>{line.product_name ?? line.product}</td>
              <td>
                {line.quantity} {line.unit}
              </td>
              <td>
                <Input
                  aria-label={t('split.moved_of', { product: line.product ?? '' })}
                  inputMode="decimal"
                  value={moved[line.id] ?? ''}
                  onChange={event => setMoved({ ...moved, [line.id]: event.target.value })}
                  data-testid={`order.split.line:${line.id}`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <TextField label={t('task.reason')} value={reason} onChange={setReason} id="order.split.reason" />
      <Refusal error={write.error} id="order.split" />
    </Modal>
  )
}
