import { Checkbox, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import type { Task } from '../../api/types'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

const places = ['before', 'parallel', 'after'] as const

/** Asks a colleague for an answer to one's own task. */
export function SignerDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { t, words } = useWords()
  const [login, setLogin] = useState<string>()
  const [at, setAt] = useState<(typeof places)[number]>('before')
  const [counts, setCounts] = useState(false)
  const write = useTaskAct()
  const send = () =>
    login &&
    write.mutate({ id: task.id, act: 'add-signer', body: { login, at, counts } }, { onSuccess: onClose })
  return (
    <Modal
      open
      title={t('task.add_signer_title', { number: task.order_number, step: words(task.node_name) })}
      okText={t('action.add_signer')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !login || write.isPending, 'data-testid': 'task.signer.send' } as never}
      cancelButtonProps={{ 'data-testid': 'task.signer.close' } as never}
      confirmLoading={write.isPending}
    >
      <label className="field">
        <span>{t('people.who')}</span>
        <ColleagueSelect
          id="task.signer.login"
          label={t('people.who')}
          value={login}
          choosing={{ task: task.id, act: 'add_signer' }}
          autoFocus
          onChange={setLogin}
        />
      </label>
      <div className="field">
        <span>{t('task.signer_at')}</span>
        <Radio.Group
          value={at}
          onChange={event => setAt(event.target.value)}
          className="choices"
          options={places.map(place => ({
            value: place,
            label: <span data-testid={`task.signer.at:${place}`}>{t(`task.signer_at.${place}`)}</span>,
          }))}
        />
      </div>
      <div className="field">
        <Checkbox
          checked={counts}
          onChange={event => setCounts(event.target.checked)}
          data-testid="task.signer.counts"
        >
          {t('task.signer_counts')}
        </Checkbox>
      </div>
      <Refusal error={write.error} id="task.signer" />
    </Modal>
  )
}
