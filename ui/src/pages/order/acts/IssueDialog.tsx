import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import { useIssueTypes } from '../../../api/settings'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Failed, Refusal } from '../../../ui/states'

/** Reports a problem of an order; its type says who handles it first and until when. */
export function IssueDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, words } = useWords()
  const types = useIssueTypes()
  const [type, setType] = useState<string>()
  const [text, setText] = useState('')
  const write = useOrderAct(order.id)
  const ready = Boolean(type) && text.trim() !== '' && !write.isPending
  const send = () =>
    ready &&
    type &&
    write.mutate({ act: 'issues', body: { type, text: text.trim() } }, { onSuccess: onClose })
  return (
    <Modal
      open
      title={t('order.issue_title', { number: order.number })}
      okText={t('action.report_issue')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.issue.send' } as never}
      confirmLoading={write.isPending}
    >
      {types.error && <Failed id="order.issue" error={types.error} retry={() => types.refetch()} />}
      <label className="field">
        <span>{t('order.issue_type')}</span>
        <Select
          aria-label={t('order.issue_type')}
          placeholder={t('people.choose')}
          loading={types.isPending}
          value={type}
          onChange={setType}
          options={types.data?.body.items.map(each => ({ value: each.code, label: words(each.name) }))}
          data-testid="order.issue.type"
        />
      </label>
      <label className="field">
        <span>{t('order.issue_text')}</span>
        <Input.TextArea
          rows={3}
          maxLength={1000}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.issue.text"
        />
      </label>
      <Refusal error={write.error} id="order.issue" />
    </Modal>
  )
}
