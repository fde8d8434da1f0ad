import { Button, Modal, Select, Space } from 'antd'
import { useState } from 'react'
import { type ChangeBody, useChangePreview, useOrderAct } from '../../../api/acts'
import { useMe } from '../../../api/hooks'
import type { Order, Product } from '../../../api/types'
import { bodyOf, type Draft, type DraftAction, draftOf, reduce } from '../../../forms/order/draft'
import { DateReader, useCalendarDates } from '../../../forms/order/readDate'
import { unreadable } from '../../../forms/order/unreadable'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'
import { ChangeHead } from './ChangeHead'
import { ChangeImpact } from './ChangeImpact'
import { ChangeLines } from './ChangeLines'
import { useAgreedPrice } from './useAgreedPrice'

const ORIGINS = ['customer', 'sales', 'finance', 'warehouse', 'planning', 'service'] as const
/** Asks for a change: what is to be different, why, and what that would come to before anything moves. */
export function ChangeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code, words } = useWords()
  const [draft, setDraft] = useState<Draft>(() => draftOf(order))
  // What others change while the dialog is open must not be taken back unseen.
  const [opened] = useState(order)
  const { data: me } = useMe()
  const reader = me && order.receiver.login !== me.login ? me : undefined
  const readDate = useCalendarDates()
  const [origin, setOrigin] = useState<string>('customer')
  const [reason, setReason] = useState('')
  // Whoever is not to see prices is not asked for any, and adds no line that lacks one.
  const [priced] = useState(() => order.totals !== null || order.lines.some(line => line.unit_price !== null))
  const preview = useChangePreview(order.id)
  const write = useOrderAct(order.id)
  const dispatch = (action: DraftAction) => {
    preview.reset()
    write.reset()
    setDraft(now => reduce(now, action))
  }
  const price = useAgreedPrice(order.id, (key, value) =>
    setDraft(now => reduce(now, { kind: 'line', key, field: 'unit_price', value })),
  )
  const take = (key: string, product: Product) => {
    const chosen: DraftAction = { kind: 'product', key, product }
    dispatch(chosen)
    void price.ask(reduce(draft, chosen), key)
  }
  const content = (order: Order) => JSON.stringify(bodyOf(draftOf(order), false).body)
  const same = (now: Order) => content(now) === content(opened)
  const body = (): ChangeBody => {
    const { submit: _, ...wanted } = bodyOf(draft, false, readDate).body
    return { ...wanted, reason: reason.trim(), origin }
  }
  // What is neither a number nor a day would be sent as nothing at all.
  const garbled = unreadable(draft, readDate)
  const clear = garbled.length === 0 && !price.asking
  const ready = reason.trim() !== '' && clear && !write.isPending
  const send = () =>
    ready &&
    write.mutate({ act: 'changes', version: opened.version, body: body(), same }, { onSuccess: onClose })
  return (
    <Modal
      open
      width={860}
      title={t('change.request_title', { number: order.number })}
      okText={t('action.request_change')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.change.send' } as never}
      confirmLoading={write.isPending}
    >
      <ChangeLines
        draft={draft}
        priced={priced}
        faulty={garbled}
        dispatch={dispatch}
        onProduct={take}
        onQuantity={key => void price.ask(draft, key)}
      />
      {garbled.map(({ finding }) => (
        <p key={finding.id} className="warn" role="alert">
          {words(finding.message)}
        </p>
      ))}
      <DateReader value={readDate}>
        <ChangeHead order={opened} reader={reader} draft={draft} dispatch={dispatch} />
      </DateReader>
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
          disabled={!clear}
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
