import { Button, Modal, Select, Space } from 'antd'
import { useState } from 'react'
import { type ChangeBody, useChangePreview, useOrderAct } from '../../../api/acts'
import { checkOrder } from '../../../api/hooks'
import type { Order, Product } from '../../../api/types'
import {
  bodyOf,
  type Draft,
  type DraftAction,
  draftOf,
  type HeadField,
  reduce,
} from '../../../forms/order/draft'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'
import { ChangeImpact } from './ChangeImpact'
import { ChangeLines } from './ChangeLines'

const ORIGINS = ['customer', 'sales', 'finance', 'warehouse', 'planning', 'service'] as const
const HEAD = ['requested_date', 'ship_to.address', 'ship_to.phone', 'special_requests'] as const
/** What is changed more seldom. */
const MORE = [
  'customer_po',
  'payment_terms',
  'ship_to.name',
  'invoice.title',
  'invoice.tax_no',
  'invoice.bank_name',
  'invoice.bank_account',
] as const

/** Asks for a change: what is to be different, why, and what that would come to before anything moves. */
export function ChangeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code } = useWords()
  const [draft, setDraft] = useState<Draft>(() => draftOf(order))
  // What others change while the dialog is open must not be taken back unseen.
  const [version] = useState(order.version)
  const [origin, setOrigin] = useState<string>('customer')
  const [reason, setReason] = useState('')
  const preview = useChangePreview(order.id)
  const write = useOrderAct(order.id)
  const dispatch = (action: DraftAction) => {
    preview.reset()
    write.reset()
    setDraft(now => reduce(now, action))
  }
  /** Takes a product into the change, for the price that is agreed for it. */
  const take = async (key: string, product: Product) => {
    const chosen: DraftAction = { kind: 'product', key, product }
    dispatch(chosen)
    const { body, keys } = bodyOf(reduce(draft, chosen), false)
    // Without an answer the price is typed by hand.
    const answer = await checkOrder(body, order.id).catch(() => null)
    if (answer) dispatch({ kind: 'checked', answer, keys })
  }
  const headField = (field: HeadField) => (
    <TextField
      key={field}
      label={code('field', field)}
      value={draft.head[field]}
      onChange={value => dispatch({ kind: 'head', field, value })}
      id={`order.change.${field}`}
    />
  )
  const body = (): ChangeBody => {
    const { submit: _, ...wanted } = bodyOf(draft, false).body
    return { ...wanted, reason: reason.trim(), origin }
  }
  const ready = reason.trim() !== '' && !write.isPending
  const send = () => ready && write.mutate({ act: 'changes', version, body: body() }, { onSuccess: onClose })
  return (
    <Modal
      open
      width={760}
      title={t('change.request_title', { number: order.number })}
      okText={t('action.request_change')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.change.send' } as never}
      confirmLoading={write.isPending}
    >
      <ChangeLines draft={draft} dispatch={dispatch} onProduct={take} />
      {HEAD.map(headField)}
      <details>
        <summary data-testid="order.change.more">{t('change.more')}</summary>
        {MORE.map(headField)}
      </details>
      <label className="field">
        <span>{t('change.origin')}</span>
        <Select
          aria-label={t('change.origin')}
          value={origin}
          onChange={setOrigin}
          options={ORIGINS.map(each => ({ value: each, label: code('change_origin', each) }))}
          data-testid="order.change.origin"
        />
      </label>
      <TextField label={t('task.reason')} value={reason} onChange={setReason} id="order.change.reason" />
      <Space>
        <Button
          loading={preview.isPending}
          onClick={() => preview.mutate(body())}
          data-testid="order.change.preview"
        >
          {t('change.preview')}
        </Button>
      </Space>
      {preview.data && <ChangeImpact preview={preview.data} />}
      <Refusal error={preview.error ?? write.error} id="order.change" />
    </Modal>
  )
}
