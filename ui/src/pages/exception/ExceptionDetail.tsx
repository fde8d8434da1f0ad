import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useExceptionAct, useTaskAct } from '../../api/acts'
import { useOrder } from '../../api/hooks'
import type { Exception, Order } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { ActionButton, actionOf, useReason } from '../../ui/ActionButton'
import { Money } from '../../ui/Money'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { Failed, Loading, Refusal } from '../../ui/states'
import { StatusTag } from '../../ui/Tags'
import { Remaining, When } from '../../ui/Time'
import { ChangeSays } from '../order/tabs/Changes'
import { ActDialog } from './ActDialog'
import { type Act, useActs } from './useActs'

function Facts({ found, order }: { found: Exception; order: Order }) {
  const { t, words, code } = useWords()
  return (
    <dl className="facts">
      <div>
        <dt>{t('col.status')}</dt>
        <dd>
          <StatusTag status={order.status} />{' '}
          {order.totals && <Money value={order.totals.gross} currency={order.totals.currency} />}
        </dd>
      </div>
      {found.node_name && (
        <div>
          <dt>{t('exception.step')}</dt>
          <dd>{words(found.node_name)}</dd>
        </div>
      )}
      {Object.entries(found.evidence).map(([name, value]) => (
        <div key={name}>
          <dt>{code('evidence', name)}</dt>
          <dd data-testid={`exception.evidence:${name}`}>{name === 'act' ? code('act', value) : value}</dd>
        </div>
      ))}
      <div>
        <dt>{t('exception.opened')}</dt>
        <dd>
          <When at={found.opened_at} />
        </dd>
      </div>
      {found.closed_by && (
        <div>
          <dt>{t('exception.closed')}</dt>
          <dd>
            {found.closed_by.name} · <When at={found.closed_at} />
            {found.reason && <> · {t('timeline.reason', { text: found.reason })}</>}
          </dd>
        </div>
      )}
    </dl>
  )
}

/** What is not open says why without being pointed at, each reason once. */
function Shut({ acts }: { acts: Act[] }) {
  const { t, words } = useWords()
  const reasonOf = useReason()
  const shut = new Map<string, string[]>()
  for (const { action, label } of acts)
    if (!action.allowed) {
      const reason = reasonOf(action)
      shut.set(reason, [...(shut.get(reason) ?? []), words(label)])
    }
  return [...shut].map(([reason, names]) => (
    <p key={reason} className="quiet" data-testid="exception.shut">
      {t('exception.shut', { acts: names.join(t('list.comma')), reason })}
    </p>
  ))
}

/** Money that is owed back is dealt with beside the payments of the order. */
const MONEY = ['refund', 'settle_with_other']

/** One exception as a playbook: cause, evidence, and what may settle it, the suggested act first. */
export function ExceptionDetail({ found }: { found: Exception }) {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const order = useOrder(found.order_id)
  const { task, change, acts } = useActs(found, order.data)
  const [asking, setAsking] = useState<string>()
  const settle = useExceptionAct()
  const urge = useTaskAct()
  const done = () => setAsking(undefined)
  const start = (name: string) => {
    if (name === 'urge' && task) urge.mutate({ id: task.id, act: 'urge' })
    else if (name === 'change_flow') {
      const key = found.evidence.flow ?? order.data?.flow.key
      void navigate(key ? { to: '/automation/flows/$key', params: { key } } : { to: '/automation/flows' })
    } else if (MONEY.includes(name))
      void navigate({ to: '/orders/$id', params: { id: found.order_id }, search: { tab: 'accounts' } })
    else setAsking(name)
  }
  const take = () =>
    actionOf(found.actions, 'take')?.allowed && !settle.isPending && settle.mutate({ id: found.id })
  const nth = (i: number) => () => acts[i]?.action.allowed && start(acts[i].name)
  useKeys({ m: take, 1: nth(0), 2: nth(1), 3: nth(2), 4: nth(3) })
  const act = acts.find(each => each.name === asking)
  const first = acts.find(each => each.action.allowed)
  return (
    <article className="preview" aria-label={words(found.title)} data-testid="exception.detail">
      <header className="preview-head">
        <h2>{words(found.title)}</h2>
        <Link to="/orders/$id" params={{ id: found.order_id }} data-testid="exception.order">
          {found.order_number}
        </Link>
        <span className="grow clip">{found.customer_name}</span>
        {found.state === 'open' && <Remaining due={found.due_at} since={found.opened_at} />}
      </header>
      <p className="preview-why" data-testid="exception.cause">
        {words(found.cause)}
      </p>
      {words(found.issue?.guidance) && <p className="sop">{words(found.issue?.guidance)}</p>}
      <p className="quiet">
        {t('exception.owner', { who: words(found.owner.name) })}
        {found.taken_by && ` · ${t('exception.taken', { who: found.taken_by.name })}`}
      </p>
      {found.state === 'open' && (
        <section className="decision" aria-label={t('exception.acts')}>
          <div className="decision-buttons">
            {acts.map(act => (
              <ActionButton
                key={act.name}
                actions={[act.action]}
                name={act.name}
                type={act === first ? 'primary' : 'default'}
                loading={act.name === 'urge' && urge.isPending}
                onClick={() => start(act.name)}
                data-testid={`exception.act:${act.name}`}
              >
                {words(act.label)}
              </ActionButton>
            ))}
            <ActionButton
              actions={found.actions}
              name="take"
              loading={settle.isPending}
              onClick={take}
              data-testid="exception.take"
            />
            <ActionButton
              actions={found.actions}
              name="close_exception"
              onClick={() => setAsking('close')}
              data-testid="exception.close"
            />
          </div>
          <Shut acts={acts} />
          {asking !== 'close' && <Refusal id="exception" error={settle.error ?? urge.error} />}
        </section>
      )}
      {order.isPending && <Loading rows={4} />}
      {order.error && !order.data && (
        <Failed id="exception" error={order.error} retry={() => order.refetch()} />
      )}
      {change && (
        <section className="block" data-testid="exception.change">
          <ChangeSays change={change} />
        </section>
      )}
      {order.data && (
        <section className="block">
          <h3>{t('exception.evidence')}</h3>
          <Facts found={found} order={order.data} />
        </section>
      )}
      {asking === 'close' && (
        <ReasonDialog
          id="exception.closing"
          title={t('exception.close_title', { number: found.order_number })}
          label={t('task.reason')}
          busy={settle.isPending}
          error={settle.error}
          onSend={reason => settle.mutate({ id: found.id, reason }, { onSuccess: done })}
          onClose={done}
        />
      )}
      {order.data && act && (
        <ActDialog found={found} order={order.data} act={act} task={task} change={change} onClose={done} />
      )}
    </article>
  )
}
