import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import type { Order } from '../../../api/types'
import { useKeys } from '../../../app/keys'
import { useWords } from '../../../i18n'
import { actionOf, useReason } from '../../../ui/ActionButton'
import { Refusal } from '../../../ui/states'
import { ChangeDialog } from './ChangeDialog'
import { MergeDialog } from './MergeDialog'
import { SplitDialog } from './SplitDialog'

const ACTS = ['request_change', 'split', 'merge', 'copy'] as const
type Act = (typeof ACTS)[number]

/** What makes another order of this one; what is not open says why. */
export function ChangeMenu({ order }: { order: Order }) {
  const { t } = useWords()
  const reasonOf = useReason()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<Act>()
  const copy = useOrderAct(order.id)
  const acts = ACTS.map(name => actionOf(order.actions, name)).filter(act => act !== undefined)
  const close = () => setAsking(undefined)
  const choose = (name: string) => {
    if (name !== 'copy') return setAsking(name as Act)
    copy.mutate(
      { act: 'copy', body: {} },
      { onSuccess: made => navigate({ to: '/orders/$id/edit', params: { id: made.id } }) },
    )
  }
  useKeys({ h: () => actionOf(order.actions, 'request_change')?.allowed && choose('request_change') })
  if (!acts.some(act => act.allowed)) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: acts.map(act => ({
            key: act.name,
            disabled: !act.allowed,
            label: (
              <span data-testid={`order.${act.name}`}>
                {t(act.name === 'copy' ? 'action.copy_order' : `action.${act.name}`)}
                {!act.allowed && <span className="quiet"> · {reasonOf(act)}</span>}
              </span>
            ),
            onClick: () => choose(act.name),
          })),
        }}
      >
        <Button loading={copy.isPending} data-testid="order.change_menu">
          {t('order.change_menu')}
        </Button>
      </Dropdown>
      {asking === 'request_change' && <ChangeDialog order={order} onClose={close} />}
      {asking === 'split' && <SplitDialog order={order} onClose={close} />}
      {asking === 'merge' && <MergeDialog order={order} onClose={close} />}
      <Refusal error={copy.error} id="order.copy" />
    </>
  )
}
