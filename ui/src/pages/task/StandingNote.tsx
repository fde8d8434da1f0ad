import { WarningOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { useOrder, useQuestion } from '../../api/hooks'
import type { Finding, Task } from '../../api/types'
import { useWords } from '../../i18n'
import { ActionButton } from '../../ui/ActionButton'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { IssueDialog } from '../order/acts/IssueDialog'

/** Why the task cannot be approved now, and what helps: the findings' own advice, a question, a report. */
export function StandingNote({ task, findings }: { task: Task; findings: [Finding, ...Finding[]] }) {
  const { t, words } = useWords()
  const [asking, setAsking] = useState<'question' | 'issue'>()
  const { data: order } = useOrder(task.order_id)
  const question = useQuestion(task.order_id)
  const close = () => setAsking(undefined)
  const [first] = findings
  return (
    <div className="decision-stop" role="note" data-testid="task.stop" data-count={findings.length}>
      <p>
        <span className="ink-amber">
          <WarningOutlined aria-hidden />
        </span>{' '}
        <span className="strong">{t(first.check === 'stock' ? 'task.stop_stock' : 'task.stop')}</span>{' '}
        {[...new Set(findings.map(each => words(each.how)))].join(' ')}
      </p>
      {order && (
        <div className="decision-buttons">
          <ActionButton
            actions={order.actions}
            name="ask"
            size="small"
            onClick={() => setAsking('question')}
            data-testid="task.stop.ask"
          >
            {t('task.stop_ask')}
          </ActionButton>
          <ActionButton
            actions={order.actions}
            name="report_issue"
            size="small"
            onClick={() => setAsking('issue')}
            data-testid="task.stop.issue"
          />
        </div>
      )}
      {asking === 'question' && (
        <ReasonDialog
          id="task.stop.ask"
          title={t('question.ask_title')}
          label={t('question.ask_label')}
          busy={question.isPending}
          error={question.error}
          onSend={text =>
            question.mutate({ verb: 'ask', to: 'sales', text, finding_id: first.id }, { onSuccess: close })
          }
          onClose={close}
        />
      )}
      {asking === 'issue' && order && <IssueDialog order={order} onClose={close} />}
    </div>
  )
}
