import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useBatch } from '../../api/acts'
import type { BatchResult, Task } from '../../api/types'
import { useWords } from '../../i18n'
import { actionOf, useReason } from '../../ui/ActionButton'
import { Refusal } from '../../ui/states'
import { useDetail } from '../../ui/Time'

/** Approves exactly the ticked tasks that can be; the others are named with their reason, and stay ticked. */
export function BatchDialog({
  tasks,
  onDone,
  onClose,
}: {
  tasks: Task[]
  onDone: (decided: string[]) => void
  onClose: () => void
}) {
  const { t, words } = useWords()
  const reasonOf = useReason()
  const detailOf = useDetail()
  const [reason, setReason] = useState('')
  const [result, setResult] = useState<BatchResult>()
  const batch = useBatch()
  const eligible = tasks.filter(task => actionOf(task.actions, 'batch')?.allowed)
  const excluded = tasks.filter(task => !actionOf(task.actions, 'batch')?.allowed)
  const said = reason.trim()
  const send = () =>
    batch.mutate(
      { ids: eligible.map(task => task.id), decision: 'approve', ...(said && { reason: said }) },
      {
        onSuccess: answer => {
          setResult(answer)
          onDone(answer.items.filter(item => item.decided).map(item => item.id))
        },
      },
    )
  const outcome = (task: Task) => result?.items.find(item => item.id === task.id)
  return (
    <Modal
      open
      title={t('task.batch_title')}
      okText={t(result ? 'action.close' : 'task.batch_send', { count: eligible.length })}
      cancelText={t('action.back')}
      onOk={result ? onClose : send}
      onCancel={onClose}
      okButtonProps={{ disabled: !result && !eligible.length, 'data-testid': 'tasks.batch.send' } as never}
      cancelButtonProps={{ style: result ? { display: 'none' } : undefined }}
      confirmLoading={batch.isPending}
    >
      <p data-testid="tasks.batch.sum">
        {result
          ? t('task.batch_result', { done: result.decided, refused: result.refused })
          : t('task.batch_sum', { ready: eligible.length, all: tasks.length })}
      </p>
      <ul className="batch" data-testid="tasks.batch.list" data-count={eligible.length}>
        {eligible.map(task => {
          const item = outcome(task)
          return (
            <li
              key={task.id}
              data-testid={`tasks.batch.row:${task.order_number}`}
              data-decided={item?.decided}
            >
              <span className="strong">{task.order_number}</span>{' '}
              <span className="quiet">{words(task.node_name)}</span>
              {item?.decided && (
                <span className="ink-green">
                  {' '}
                  <CheckCircleOutlined aria-hidden /> {t('task.batch_done')}
                </span>
              )}
              {item && !item.decided && (
                <span className="ink-red">
                  {' '}
                  <CloseCircleOutlined aria-hidden /> {item.problem && detailOf(item.problem)}
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {excluded.length > 0 && (
        <>
          <h3>{t('task.batch_excluded', { count: excluded.length })}</h3>
          <ul className="batch" data-testid="tasks.batch.excluded" data-count={excluded.length}>
            {excluded.map(task => (
              <li key={task.id}>
                <span className="strong">{task.order_number}</span>{' '}
                <span className="quiet">{reasonOf(actionOf(task.actions, 'batch'))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {!result && eligible.length > 0 && (
        <label className="field">
          <span>{t('task.comment_optional')}</span>
          <Input.TextArea
            autoFocus
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={event => setReason(event.target.value)}
            onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
            data-testid="tasks.batch.reason"
          />
        </label>
      )}
      <Refusal error={batch.error} id="tasks.batch" />
    </Modal>
  )
}
