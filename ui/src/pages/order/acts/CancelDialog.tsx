import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import { useCancelReasons } from '../../../api/settings'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Failed, Refusal } from '../../../ui/states'

/** The reason that says nothing by itself. */
const OTHER = 'other'

/** Cancels an order for a reason of the company's list; what it held is free again. */
export function CancelDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, words } = useWords()
  const reasons = useCancelReasons()
  const [code, setCode] = useState<string>()
  const [text, setText] = useState('')
  const write = useOrderAct(order.id)
  const rest = order.status === 'in_fulfilment'
  const ready = Boolean(code) && (code !== OTHER || text.trim() !== '') && !write.isPending
  const send = () =>
    ready &&
    write.mutate(
      { act: 'cancel', body: { reason_code: code, reason: text.trim() || null } },
      { onSuccess: onClose },
    )
  return (
    <Modal
      open
      title={t(rest ? 'order.cancel_rest_title' : 'order.cancel_title', { number: order.number })}
      okText={t(rest ? 'action.cancel_rest' : 'action.cancel_order')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ danger: true, disabled: !ready, 'data-testid': 'order.cancel.send' } as never}
      cancelButtonProps={{ 'data-testid': 'order.cancel.close' } as never}
      confirmLoading={write.isPending}
    >
      <p className="quiet">{t(rest ? 'order.cancel_rest_text' : 'order.cancel_text')}</p>
      {reasons.error && <Failed id="order.cancel" error={reasons.error} retry={() => reasons.refetch()} />}
      <label className="field">
        <span>{t('task.reason')}</span>
        <Select
          aria-label={t('task.reason')}
          placeholder={t('people.choose')}
          loading={reasons.isPending}
          value={code}
          onChange={setCode}
          options={reasons.data?.body.items.map(each => ({ value: each.code, label: words(each.name) }))}
          data-testid="order.cancel.reason"
        />
      </label>
      <label className="field">
        <span>{t(code === OTHER ? 'order.cancel_words' : 'order.cancel_words_optional')}</span>
        <Input.TextArea
          rows={2}
          maxLength={500}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.cancel.text"
        />
      </label>
      <Refusal error={write.error} id="order.cancel" />
    </Modal>
  )
}
