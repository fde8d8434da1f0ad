import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useWords } from '../i18n'
import { Refusal } from './states'

/** Asks for the words an action needs. Ctrl+Enter sends. */
export function ReasonDialog({
  title,
  label,
  id,
  busy,
  error,
  onSend,
  onClose,
}: {
  title: string
  label: string
  id: string
  busy: boolean
  error: unknown
  onSend: (reason: string) => void
  onClose: () => void
}) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const ready = text.trim() !== '' && !busy
  const send = () => ready && onSend(text.trim())
  return (
    <Modal
      open
      title={title}
      okText={t('action.ok')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': `${id}.send` } as never}
      cancelButtonProps={{ 'data-testid': `${id}.close` } as never}
      confirmLoading={busy}
    >
      <label className="field">
        <span>{label}</span>
        <Input.TextArea
          autoFocus
          rows={3}
          maxLength={500}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid={`${id}.text`}
        />
      </label>
      <Refusal error={error} id={id} />
    </Modal>
  )
}
