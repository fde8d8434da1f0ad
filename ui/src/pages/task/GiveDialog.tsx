import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import type { Task } from '../../api/types'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** Gives a task to somebody else: one's own as its holder, anybody's as process admin. */
export function GiveDialog({
  task,
  act,
  onClose,
}: {
  task: Task
  act: 'transfer' | 'delegate' | 'reassign'
  onClose: () => void
}) {
  const { t, words } = useWords()
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState('')
  const write = useTaskAct()
  const ready = Boolean(to) && reason.trim() !== '' && !write.isPending
  const send = () => {
    if (!ready || !to) return
    const said = reason.trim()
    write.mutate(
      act === 'reassign'
        ? { id: task.id, act, body: { user: to, reason: said } }
        : { id: task.id, act, body: { to, reason: said } },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      open
      title={t(`task.${act}_title`, { number: task.order_number, step: words(task.node_name) })}
      okText={t(`action.${act}`)}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'task.give.send' } as never}
      cancelButtonProps={{ 'data-testid': 'task.give.close' } as never}
      confirmLoading={write.isPending}
    >
      {act === 'delegate' && <p className="quiet">{t('task.delegate_note')}</p>}
      <label className="field">
        <span>{t('people.to')}</span>
        <ColleagueSelect
          id="task.give.to"
          label={t('people.to')}
          value={to}
          choosing={act === 'reassign' ? undefined : { task: task.id, act }}
          autoFocus
          onChange={setTo}
        />
      </label>
      <label className="field">
        <span>{t('task.reason')}</span>
        <Input.TextArea
          rows={3}
          maxLength={500}
          value={reason}
          onChange={event => setReason(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="task.give.reason"
        />
      </label>
      <Refusal error={write.error} id="task.give" />
    </Modal>
  )
}
