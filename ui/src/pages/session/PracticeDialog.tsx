import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useMe } from '../../api/hooks'
import { useStartPractice } from '../../api/practice'
import { ROLES } from '../../app/roles'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** Says what practising means, and as what somebody practises: as who they are, or in a role they are to learn. */
export default function PracticeDialog({ onClose }: { onClose: () => void }) {
  const { t, code, words } = useWords()
  const { data: me } = useMe()
  const [role, setRole] = useState('')
  const start = useStartPractice()
  const own = me?.role_names.map(words).join(t('list.comma'))
  return (
    <Modal
      open
      title={t('practice.title')}
      okText={t('practice.start')}
      okButtonProps={{ 'data-testid': 'practice.start', loading: start.isPending } as never}
      onOk={() => start.mutate(role || undefined)}
      onCancel={onClose}
    >
      <ul className="sentences" data-testid="practice.dialog">
        <li>{t('practice.samples')}</li>
        <li>{t('practice.nothing_leaves')}</li>
        <li>{t('practice.marked')}</li>
      </ul>
      <label className="field">
        <span>{t('practice.role')}</span>
        <Select
          value={role}
          onChange={setRole}
          options={[
            { value: '', label: t('practice.own_role', { roles: own ?? '' }) },
            ...ROLES.map(value => ({ value, label: code('role', value) })),
          ]}
          data-testid="practice.role"
        />
      </label>
      <Refusal id="practice" error={start.error} />
    </Modal>
  )
}
