import { Alert, Button, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { Failed, Loading } from '../../ui/states'
import { Changes } from './Changes'
import { DAY_PATHS } from './DayFields'
import { WEEK_PATHS } from './Week'

/** Until it is known what is to be changed. */
export function Opening({
  id,
  title,
  error,
  retry,
  onClose,
}: {
  id: string
  title: string
  error: unknown
  retry: () => void
  onClose: () => void
}) {
  return (
    <Modal open title={title} footer={null} onCancel={onClose}>
      {error ? <Failed id={id} error={error} retry={retry} /> : <Loading rows={4} />}
    </Modal>
  )
}

/** The dialog of a calendar. What was changed in it is not left without a word. */
export function HoursDialog({
  id,
  title,
  changes,
  fields = [],
  write,
  onSend,
  onClose,
  children,
}: {
  id: string
  title: string
  changes: string[]
  /** What it shows beside hours and days, as the server calls it. */
  fields?: string[]
  write: { isPending: boolean; error: unknown }
  onSend: () => void
  onClose: () => void
  children: ReactNode
}) {
  const { t } = useWords()
  const [leaving, setLeaving] = useState(false)
  return (
    <FormDialog
      id={id}
      title={title}
      okText={t('action.save')}
      wide
      ready={changes.length > 0}
      write={write}
      shown={[...fields, ...WEEK_PATHS, ...DAY_PATHS]}
      onSend={onSend}
      onClose={() => (changes.length > 0 && !leaving ? setLeaving(true) : onClose())}
    >
      {children}
      <Changes id={id} lines={changes} />
      {leaving && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          title={t('calendar.unsaved')}
          data-testid={`${id}.unsaved`}
          action={
            <span className="beside">
              <Button size="small" onClick={() => setLeaving(false)} data-testid={`${id}.stay`}>
                {t('calendar.stay')}
              </Button>
              <Button size="small" danger onClick={onClose} data-testid={`${id}.discard`}>
                {t('calendar.discard')}
              </Button>
            </span>
          }
        />
      )}
    </FormDialog>
  )
}
