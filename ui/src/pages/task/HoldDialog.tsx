import { Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import type { Task } from '../../api/types'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** Lets one's own task stand still for a while, with its clock. */
export function HoldDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t, words } = useWords()
  const [minutes, setMinutes] = useState<number | null>(Math.min(60, task.hold_minutes))
  const [reason, setReason] = useState('')
  const write = useTaskAct()
  const ready = Boolean(minutes) && reason.trim() !== '' && !write.isPending
  const send = () => {
    if (!ready || !minutes) return
    write.mutate(
      { id: task.id, act: 'hold', body: { minutes, reason: reason.trim() } },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      open
      title={t('task.hold_title', { number: task.order_number, step: words(task.node_name) })}
      okText={t('action.hold')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'task.hold.send' } as never}
      cancelButtonProps={{ 'data-testid': 'task.hold.close' } as never}
      confirmLoading={write.isPending}
    >
      <label className="field">
        <span>{t('task.hold_minutes', { most: task.hold_minutes })}</span>
        <InputNumber
          min={1}
          max={task.hold_minutes}
          precision={0}
          value={minutes}
          onChange={setMinutes}
          data-testid="task.hold.minutes"
        />
      </label>
      <label className="field">
        <span>{t('task.reason')}</span>
        <Input.TextArea
          rows={3}
          maxLength={500}
          value={reason}
          onChange={event => setReason(event.target.value)}
          data-testid="task.hold.reason"
        />
      </label>
      <Refusal error={write.error} id="task.hold" />
    </Modal>
  )
}
