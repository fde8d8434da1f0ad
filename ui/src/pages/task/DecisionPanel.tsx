import { Button, Input } from 'antd'
import { type KeyboardEvent, useState } from 'react'
import type { Decision, Task } from '../../api/types'
import { AttachButton } from '../../forms/AttachButton'
import { SignatureField } from '../../forms/SignatureField'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'
import { SeverityTag } from '../../ui/Tags'
import { firstReturn, ReturnChoice, type ReturnTo } from './ReturnChoice'

/** The words a decision needs. Ctrl+Enter confirms; Enter too, when nothing has to be said and nothing was. */
export function DecisionPanel({
  task,
  decision,
  busy,
  error,
  onSend,
  onClose,
}: {
  task: Task
  decision: Decision
  busy: boolean
  error: unknown
  onSend: (
    reason: string,
    accept: { finding_id: string; reason: string }[],
    back: ReturnTo,
    signature: string | undefined,
  ) => void
  onClose: () => void
}) {
  const { t, words } = useWords()
  const [reason, setReason] = useState('')
  const [accepted, setAccepted] = useState<Record<string, string>>({})
  const [drawn, setDrawn] = useState<string>()
  const [back, setBack] = useState(() => firstReturn(task))
  const approving = decision === 'approve'
  const toAccept = approving
    ? task.findings.filter(f => f.severity === 'warning' && f.state === 'open' && f.acceptable)
    : []
  const missing = toAccept.some(finding => !accepted[finding.id]?.trim())
  const signing = task.signature === 'drawn' && decision !== 'return'
  const unproved = approving && task.lacks_attachment
  const ready =
    !busy && !missing && !unproved && (!signing || Boolean(drawn)) && (approving || reason.trim() !== '')
  const send = () => {
    if (!ready) return
    onSend(
      reason.trim(),
      toAccept.map(finding => ({ finding_id: finding.id, reason: accepted[finding.id]?.trim() ?? '' })),
      back,
      signing ? drawn : undefined,
    )
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') onClose()
    if (event.key !== 'Enter') return
    const plain = approving && toAccept.length === 0 && reason === ''
    if (!event.ctrlKey && !event.metaKey && !plain) return
    event.preventDefault()
    send()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the fields inside bubble here
    <div className="decision-panel" onKeyDown={onKey} data-testid="task.panel">
      {toAccept.map((finding, i) => (
        <label key={finding.id} className="field">
          <span>
            <SeverityTag severity={finding.severity} /> {words(finding.message)}
          </span>
          <Input
            autoFocus={i === 0}
            maxLength={500}
            placeholder={t('task.accept_reason')}
            value={accepted[finding.id] ?? ''}
            onChange={event => setAccepted({ ...accepted, [finding.id]: event.target.value })}
            data-testid={`task.accept:${finding.code}`}
          />
        </label>
      ))}
      {decision === 'return' && task.returns.length > 0 && (
        <ReturnChoice task={task} value={back} onChange={setBack} />
      )}
      <label className="field">
        <span>{t(approving ? 'task.comment_optional' : `task.reason_${decision}`)}</span>
        <Input.TextArea
          autoFocus={toAccept.length === 0}
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={1000}
          value={reason}
          onChange={event => setReason(event.target.value)}
          data-testid="task.reason"
        />
      </label>
      {task.phrases.length > 0 && (
        <div className="decision-buttons">
          {task.phrases.map(phrase => (
            <Button
              key={phrase.zh}
              size="small"
              onClick={() => setReason([reason.trim(), words(phrase)].filter(Boolean).join(' '))}
              data-testid={`task.phrase:${phrase.zh}`}
            >
              {words(phrase)}
            </Button>
          ))}
        </div>
      )}
      {unproved && (
        <div className="field">
          <span>{t('task.needs_file')}</span>
          <AttachButton id="task" order={task.order_id} about={{ task: task.id }} />
        </div>
      )}
      {signing && <SignatureField onChange={setDrawn} />}
      <Refusal id="task" error={error} />
      <div className="decision-buttons">
        <Button
          type="primary"
          danger={decision === 'reject'}
          disabled={!ready}
          loading={busy}
          onClick={send}
          data-testid="task.confirm"
        >
          {t(`task.confirm_${decision}`)}
        </Button>
        <Button onClick={onClose} data-testid="task.cancel">
          {t('action.back')}
        </Button>
        <kbd>Ctrl Enter</kbd>
      </div>
    </div>
  )
}
