import {
  ApiOutlined,
  CheckOutlined,
  CloseOutlined,
  PrinterOutlined,
  RollbackOutlined,
  UserAddOutlined,
} from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import { useClaim, useDecide } from '../../api/hooks'
import { asProblem, type Problem } from '../../api/problem'
import type { Decision, Task } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { ActionButton, actionOf } from '../../ui/ActionButton'
import { Refusal } from '../../ui/states'
import { When } from '../../ui/Time'
import { CopyDialog } from './CopyDialog'
import { DecisionPanel } from './DecisionPanel'
import { GiveDialog } from './GiveDialog'
import { HoldDialog } from './HoldDialog'
import type { ReturnTo } from './ReturnChoice'
import { SignerDialog } from './SignerDialog'
import { StandingNote } from './StandingNote'
import { standing } from './standing'
import { TaskWork } from './TaskWork'

/** The task is no longer what the screen says: somebody decided, claimed or withdrew it. */
const isStale = (problem: Problem) =>
  problem.status === 409 || problem.status === 404 || problem.code === 'not_your_task'

/** What is asked for in a dialog of its own. */
type Giving = 'transfer' | 'delegate' | 'add_signer' | 'hold' | 'cc'

export function DecisionBar({
  task,
  onDecided,
  onStale,
}: {
  task: Task
  onDecided?: () => void
  onStale?: (problem: Problem) => void
}) {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const [first, ...others] = standing(task)
  const [asking, setAsking] = useState<Decision>()
  const [giving, setGiving] = useState<Giving>()
  const decide = useDecide()
  const act = useTaskAct()
  const claim = useClaim()
  const may = (name: string) => Boolean(actionOf(task.actions, name)?.allowed)
  const ask = (decision: Decision) => {
    if (!may(decision)) return
    decide.reset()
    act.reset()
    setAsking(decision)
  }
  const takeIt = () => may('claim') && !claim.isPending && claim.mutate(task.id)
  const give = (name: Giving) => may(name) && setGiving(name)
  useKeys({
    t: () => give('transfer'),
    i: () => give('add_signer'),
    a: () => ask('approve'),
    r: () => ask('return'),
    d: () => ask('reject'),
    m: takeIt,
  })
  const done = {
    onSuccess: () => {
      setAsking(undefined)
      onDecided?.()
    },
    onError: (error: unknown) => {
      const problem = asProblem(error)
      if (isStale(problem)) onStale?.(problem)
    },
  }
  const send = (
    reason: string,
    accept: { finding_id: string; reason: string }[],
    back: ReturnTo,
    signature: string | undefined,
  ) => {
    if (!asking) return
    if (back.to) {
      const body = { to: back.to, direct: back.way === 'direct', reason }
      act.mutate({ id: task.id, act: 'return', body }, done)
      return
    }
    decide.mutate(
      {
        id: task.id,
        decision: asking,
        ...(reason && { reason }),
        ...(accept.length && { accept }),
        ...(signature && { signature }),
      },
      done,
    )
  }
  const buttons = [
    <ActionButton
      actions={task.actions}
      key="approve"
      name="approve"
      type="primary"
      icon={<CheckOutlined aria-hidden />}
      onClick={() => ask('approve')}
      data-testid="task.approve"
    />,
    <ActionButton
      actions={task.actions}
      key="return"
      name="return"
      icon={<RollbackOutlined aria-hidden />}
      onClick={() => ask('return')}
      data-testid="task.return"
    />,
    <ActionButton
      actions={task.actions}
      key="reject"
      name="reject"
      danger
      icon={<CloseOutlined aria-hidden />}
      onClick={() => ask('reject')}
      data-testid="task.reject"
    />,
    <ActionButton
      actions={task.actions}
      key="claim"
      name="claim"
      icon={<UserAddOutlined aria-hidden />}
      loading={claim.isPending}
      onClick={takeIt}
      data-testid="task.claim"
    />,
    <ActionButton
      actions={task.actions}
      key="transfer"
      name="transfer"
      onClick={() => setGiving('transfer')}
      data-testid="task.transfer"
    />,
    <ActionButton
      actions={task.actions}
      key="add_signer"
      name="add_signer"
      onClick={() => setGiving('add_signer')}
      data-testid="task.add_signer"
    />,
    ...(['delegate', 'hold', 'cc'] as const).map(name => (
      <ActionButton
        actions={task.actions}
        key={name}
        name={name}
        onClick={() => setGiving(name)}
        data-testid={`task.${name}`}
      />
    )),
    <ActionButton
      actions={task.actions}
      key="give_back"
      name="give_back"
      loading={act.isPending}
      onClick={() => act.mutate({ id: task.id, act: 'give-back', body: {} }, { onSuccess: onDecided })}
      data-testid="task.give_back"
    />,
    <ActionButton
      actions={task.actions}
      key="resume"
      name="resume"
      loading={act.isPending}
      onClick={() => act.mutate({ id: task.id, act: 'resume' })}
      data-testid="task.resume"
    />,
    <ActionButton
      actions={task.actions}
      key="print"
      name="print"
      icon={<PrinterOutlined aria-hidden />}
      onClick={() => window.print()}
      data-testid="task.print"
    />,
    <ActionButton
      actions={task.actions}
      key="withdraw"
      name="withdraw"
      loading={act.isPending}
      onClick={() => act.mutate({ id: task.id, act: 'withdraw' }, { onSuccess: onDecided })}
      data-testid="task.withdraw"
    />,
  ]
  // In the order in which the step names them.
  const place = (name: unknown) => task.actions.findIndex(action => action.name === name)
  buttons.sort((one, other) => place(one.key) - place(other.key))
  const completing = task.kind === 'completion'
  if (!completing && task.actions.length === 0) return null
  return (
    <section className="decision" aria-label={t('task.decision')} data-testid="task.decision">
      <div className="decision-buttons">
        {completing && (
          <Button
            type="primary"
            onClick={() => navigate({ to: '/orders/$id/edit', params: { id: task.order_id } })}
            data-testid="task.complete"
          >
            {t('action.fill_in')}
          </Button>
        )}
        {buttons}
        {task.buttons.map(({ id, name, ...state }) => (
          <ActionButton
            actions={[{ name: id, label: name, ...state }]}
            key={id}
            name={id}
            icon={<ApiOutlined aria-hidden />}
            loading={act.isPending}
            onClick={() => act.mutate({ id: task.id, act: 'press', body: { button: id } })}
            data-testid={`task.button:${id}`}
          />
        ))}
        {words(task.next) && (
          <span className="quiet" data-testid="task.next">
            {words(task.next)}
          </span>
        )}
      </div>
      {first && actionOf(task.actions, 'approve') && (
        <StandingNote task={task} findings={[first, ...others]} />
      )}
      {task.entrusted_by && (
        <p className="quiet" data-testid="task.entrusted">
          {t('task.entrusted', { name: task.entrusted_by.name })}
        </p>
      )}
      {task.held_until && (
        <p className="quiet" data-testid="task.held">
          {t('task.held')} <When at={task.held_until} />
        </p>
      )}
      <Refusal id="task.claim" error={claim.error} />
      {!asking && <Refusal id="task.act" error={act.error} />}
      <TaskWork task={task} />
      {asking && (
        <DecisionPanel
          key={asking}
          task={task}
          decision={asking}
          busy={decide.isPending || act.isPending}
          error={decide.error ?? act.error}
          onSend={send}
          onClose={() => setAsking(undefined)}
        />
      )}
      {giving === 'add_signer' && <SignerDialog task={task} onClose={() => setGiving(undefined)} />}
      {(giving === 'transfer' || giving === 'delegate') && (
        <GiveDialog task={task} act={giving} onClose={() => setGiving(undefined)} />
      )}
      {giving === 'hold' && <HoldDialog task={task} onClose={() => setGiving(undefined)} />}
      {giving === 'cc' && <CopyDialog task={task} onClose={() => setGiving(undefined)} />}
    </section>
  )
}
