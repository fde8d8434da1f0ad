import { Input, Modal } from 'antd'
import { useState } from 'react'
import type { Finding } from '../../api/types'
import { useWords } from '../../i18n'
import { SeverityTag } from '../../ui/Tags'

/** Warnings do not stop an order, but each of them needs a reason that goes on record. */
export function SubmitDialog({
  warnings,
  onSend,
  onClose,
}: {
  warnings: Finding[]
  onSend: (reasons: Map<string, string>) => void
  onClose: () => void
}) {
  const { t, words } = useWords()
  const [reasons, setReasons] = useState<Record<string, string>>({})
  const asked = warnings.filter(finding => finding.acceptable)
  const ready = asked.every(finding => reasons[finding.id]?.trim())
  const send = () =>
    ready && onSend(new Map(asked.map(finding => [finding.id, reasons[finding.id]?.trim() ?? ''])))
  return (
    <Modal
      open
      title={t('entry.warnings_title', { count: warnings.length })}
      okText={t('action.submit')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'entry.confirm' } as never}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside bubble here */}
      <div onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}>
        {warnings.map((finding, i) =>
          finding.acceptable ? (
            <label key={finding.id} className="field">
              <span>
                <SeverityTag severity={finding.severity} /> {words(finding.message)}
              </span>
              <Input
                autoFocus={i === 0}
                maxLength={500}
                placeholder={t('task.accept_reason')}
                value={reasons[finding.id] ?? ''}
                onChange={event => setReasons({ ...reasons, [finding.id]: event.target.value })}
                data-testid={`entry.reason:${finding.code}`}
              />
            </label>
          ) : (
            <p key={finding.id}>
              <SeverityTag severity={finding.severity} /> {words(finding.message)}{' '}
              <span className="quiet">{words(finding.how)}</span>
            </p>
          ),
        )}
      </div>
    </Modal>
  )
}
