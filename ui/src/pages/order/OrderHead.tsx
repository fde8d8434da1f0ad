import { CopyOutlined, EditOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import { useOrderVerb } from '../../api/hooks'
import type { Order } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { ActionButton, actionOf } from '../../ui/ActionButton'
import { Money } from '../../ui/Money'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { Refusal } from '../../ui/states'
import { Flags, StatusTag } from '../../ui/Tags'
import { CancelDialog } from './acts/CancelDialog'
import { ChangeMenu } from './acts/ChangeMenu'
import { OrderActs } from './acts/OrderActs'

/** Urges everybody who can be urged at once, from whatever tab is open. */
function useUrge(order: Order) {
  const { t, words } = useWords()
  const { message } = App.useApp()
  const act = useTaskAct()
  const late = order.tasks.filter(task => task.state === 'open' && actionOf(task.actions, 'urge')?.allowed)
  const urge = () => {
    if (!late.length || act.isPending) return
    const steps = late.map(task => words(task.node_name)).join(t('list.comma'))
    // One after the other: what was refused stands under the buttons, and no later answer takes its place.
    const all = async () => {
      for (const { id } of late) await act.mutateAsync({ id, act: 'urge' })
    }
    all().then(
      () => message.success(t('order.urged', { steps })),
      () => {},
    )
  }
  return { urge, error: act.error }
}

export function OrderHead({ order }: { order: Order }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const verb = useOrderVerb(order.id)
  const [asking, setAsking] = useState<'cancel' | 'hold' | 'recall'>()
  const close = () => setAsking(undefined)
  const { urge, error } = useUrge(order)
  const copy = () =>
    navigator.clipboard?.writeText(window.location.href).then(() => message.success(t('order.link_copied')))
  const ask = (name: 'cancel' | 'hold' | 'recall') => {
    verb.reset()
    setAsking(name)
  }
  useKeys({
    u: urge,
    w: () => actionOf(order.actions, 'recall')?.allowed && ask('recall'),
    p: () => window.print(),
    y: () => void copy(),
  })
  return (
    <header className="order-head">
      <div className="order-title">
        <h1 data-testid="order.number">{order.number}</h1>
        <Button
          type="text"
          size="small"
          icon={<CopyOutlined aria-hidden />}
          aria-label={t('order.copy_link')}
          title={t('order.copy_link')}
          onClick={() => void copy()}
          data-testid="order.copy"
        />
        <span data-testid="order.status" data-live="order">
          <StatusTag status={order.status} /> <Flags flags={order.flags} />
        </span>
      </div>
      <div className="order-party">
        <span className="clip" title={order.customer.name ?? ''}>
          {order.customer.name ?? order.customer.code ?? t('order.no_customer')}
        </span>
        {order.totals && <Money value={order.totals.gross} currency={order.totals.currency} strong />}
      </div>
      <div className="order-actions">
        <ActionButton
          actions={order.actions}
          name="edit"
          type={order.status === 'incomplete' || order.status === 'draft' ? 'primary' : 'default'}
          icon={<EditOutlined aria-hidden />}
          onClick={() => navigate({ to: '/orders/$id/edit', params: { id: order.id } })}
          data-testid="order.edit"
        />
        <ActionButton
          actions={order.actions}
          name="hold"
          onClick={() => ask('hold')}
          data-testid="order.hold"
        />
        <ActionButton
          actions={order.actions}
          name="resume"
          loading={verb.isPending}
          onClick={() => verb.mutate({ verb: 'resume', reason: '' })}
          data-testid="order.resume"
        />
        <ActionButton
          actions={order.actions}
          name="recall"
          onClick={() => ask('recall')}
          data-testid="order.recall"
        />
        <ActionButton
          actions={order.actions}
          name="acknowledge"
          loading={verb.isPending}
          onClick={() => verb.mutate({ verb: 'acknowledge', reason: '' })}
          data-testid="order.acknowledge"
        />
        <ChangeMenu order={order} />
        <OrderActs order={order} />
        <ActionButton
          actions={order.actions}
          name="cancel"
          danger
          onClick={() => ask('cancel')}
          data-testid="order.cancel"
        >
          {t(order.status === 'in_fulfilment' ? 'action.cancel_rest' : 'action.cancel_order')}
        </ActionButton>
      </div>
      {!asking && <Refusal id="order" error={verb.error ?? error} />}
      {asking === 'cancel' && <CancelDialog order={order} onClose={close} />}
      {(asking === 'hold' || asking === 'recall') && (
        <ReasonDialog
          id={`order.${asking}`}
          title={t(`order.${asking}_title`, { number: order.number })}
          label={t('task.reason')}
          busy={verb.isPending}
          error={verb.error}
          onSend={reason => verb.mutate({ verb: asking, reason }, { onSuccess: close })}
          onClose={close}
        />
      )}
    </header>
  )
}
