import { App, Input, Modal } from 'antd'
import { useState } from 'react'
import { useGiveFeedback } from '../../api/feedback'
import { whatIsShown } from '../../app/about'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** Feedback on the page in front of the person, with the order and step it shows. */
export default function FeedbackDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const [about] = useState(whatIsShown)
  const [text, setText] = useState('')
  const give = useGiveFeedback()
  const ready = text.trim() !== '' && !give.isPending
  const send = () =>
    ready &&
    give.mutate(
      { ...about, page: location.pathname, text: text.trim() },
      {
        onSuccess: () => {
          message.success(t('feedback.thanks'))
          onClose()
        },
      },
    )
  return (
    <Modal
      open
      title={t('feedback.give')}
      okText={t('feedback.send')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'feedback.send' } as never}
      confirmLoading={give.isPending}
    >
      <p className="quiet">{t(about.order ? 'feedback.with_order' : 'feedback.with_page')}</p>
      <label className="field">
        <span>{t('feedback.text')}</span>
        <Input.TextArea
          autoFocus
          rows={4}
          maxLength={2000}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="feedback.text"
        />
      </label>
      <Refusal id="feedback" error={give.error} />
    </Modal>
  )
}
