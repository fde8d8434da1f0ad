import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useColleagues, useTaskAct } from '../../api/acts'
import type { Task } from '../../api/types'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** Puts colleagues in copy of the order of one's own task. */
export function CopyDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t, words, code } = useWords()
  const [to, setTo] = useState<string[]>([])
  const [note, setNote] = useState('')
  const { data, isPending } = useColleagues()
  const write = useTaskAct()
  const ready = to.length > 0 && !write.isPending
  const send = () => {
    if (!ready) return
    const said = note.trim()
    write.mutate(
      { id: task.id, act: 'copies', body: { to, ...(said && { note: said }) } },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      open
      title={t('task.cc_title', { number: task.order_number, step: words(task.node_name) })}
      okText={t('action.cc')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'task.cc.send' } as never}
      cancelButtonProps={{ 'data-testid': 'task.cc.close' } as never}
      confirmLoading={write.isPending}
    >
      <label className="field">
        <span>{t('people.to')}</span>
        <Select
          mode="multiple"
          autoFocus
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('people.to')}
          placeholder={t('people.choose')}
          loading={isPending}
          value={to}
          onChange={setTo}
          options={(data ?? []).map(each => ({
            value: each.login,
            label: `${each.name} (${each.login})${each.department ? ` · ${code('department', each.department)}` : ''}`,
          }))}
          data-testid="task.cc.to"
        />
      </label>
      <label className="field">
        <span>{t('task.cc_note')}</span>
        <Input.TextArea
          rows={2}
          maxLength={500}
          value={note}
          onChange={event => setNote(event.target.value)}
          data-testid="task.cc.note"
        />
      </label>
      <Refusal error={write.error} id="task.cc" />
    </Modal>
  )
}
