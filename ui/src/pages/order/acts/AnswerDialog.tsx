import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import type { Order } from '../../../api/types'
import { AttachButton } from '../../../forms/AttachButton'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'

/** Records what the customer said by phone or on paper, with how it was said. */
export function AnswerDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t } = useWords()
  const [accepted, setAccepted] = useState<boolean>()
  const [evidence, setEvidence] = useState('')
  const [proof, setProof] = useState<string>()
  const write = useOrderAct(order.id)
  const ready = accepted !== undefined && evidence.trim() !== '' && !write.isPending
  const send = () => {
    if (!ready) return
    const body = { accepted: accepted === true, evidence: evidence.trim() }
    write.mutate({ act: 'answer', body }, { onSuccess: onClose })
  }
  return (
    <Modal
      open
      title={t('order.answer_title', { number: order.number })}
      okText={t('action.record_answer')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.customer_answer.send' } as never}
      confirmLoading={write.isPending}
    >
      <div className="field">
        <span>{t('order.answer_what')}</span>
        <Radio.Group
          className="choices"
          value={accepted}
          onChange={event => setAccepted(event.target.value)}
          options={[true, false].map(value => ({
            value,
            label: (
              <span data-testid={`order.customer_answer:${value ? 'accepted' : 'declined'}`}>
                {t(value ? 'order.answer_accepted' : 'order.answer_declined')}
              </span>
            ),
          }))}
        />
      </div>
      <label className="field">
        <span>{t('order.answer_evidence')}</span>
        <Input.TextArea
          rows={3}
          maxLength={500}
          value={evidence}
          onChange={event => setEvidence(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.customer_answer.evidence"
        />
      </label>
      <div className="field">
        <AttachButton
          id="order.customer_answer"
          order={order.id}
          about={{ about: 'answer' }}
          onDone={setProof}
        />
        {proof && <span className="quiet">{proof}</span>}
      </div>
      <Refusal error={write.error} id="order.customer_answer" />
    </Modal>
  )
}
