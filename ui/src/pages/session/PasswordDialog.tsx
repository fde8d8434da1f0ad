import { useChangePassword } from '../../api/hooks'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** Chooses a password. Whoever came in with one that somebody else made has to, before anything else is open. */
export default function PasswordDialog({ first, onClose }: { first?: boolean; onClose: () => void }) {
  const { t } = useWords()
  const write = useChangePassword()
  return (
    <RecordDialog
      id="password"
      title={t(first ? 'password.choose' : 'password.change')}
      okText={t('action.save')}
      fields={[
        { name: 'current', label: t('password.current'), kind: 'secret', required: true },
        { name: 'password', label: t('password.chosen'), kind: 'secret', required: true },
      ]}
      write={write}
      onSend={({ current = '', password = '' }) =>
        write.mutate({ current, password }, { onSuccess: first ? undefined : onClose })
      }
      onClose={onClose}
    >
      <p className="quiet">{t(first ? 'password.first' : 'password.others_end')}</p>
    </RecordDialog>
  )
}
