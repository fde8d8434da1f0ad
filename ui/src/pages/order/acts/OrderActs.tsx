import { ToolOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useState } from 'react'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton, useReason } from '../../../ui/ActionButton'
import { AnswerDialog } from './AnswerDialog'
import { InterveneDialog, type Intervention } from './InterveneDialog'
import { IssueDialog } from './IssueDialog'
import { NoticeDialog } from './NoticeDialog'
import { PeopleDialog } from './PeopleDialog'

const ASKED = ['record_answer', 'choose_people', 'send_notice', 'report_issue'] as const
type Asking = (typeof ASKED)[number]

/** The process admin's hand: every act, with the reason where it is not open. */
function ByHandMenu({ order, onChoose }: { order: Order; onChoose: (act: Intervention) => void }) {
  const { t } = useWords()
  const reasonOf = useReason()
  const acts = order.by_hand?.actions ?? []
  if (!acts.some(act => act.allowed)) return null
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: acts.map(act => ({
          key: act.name,
          disabled: !act.allowed,
          danger: act.name === 'end',
          label: (
            <span data-testid={`order.by_hand:${act.name}`}>
              {t(`act.${act.name}`)}
              {!act.allowed && <span className="quiet"> · {reasonOf(act)}</span>}
            </span>
          ),
          onClick: () => onChoose(act.name as Intervention),
        })),
      }}
    >
      <Button icon={<ToolOutlined aria-hidden />} data-testid="order.by_hand">
        {t('order.by_hand')}
      </Button>
    </Dropdown>
  )
}

/** What is done to an order beside editing and deciding it. */
export function OrderActs({ order }: { order: Order }) {
  const [asking, setAsking] = useState<Asking>()
  const [act, setAct] = useState<Intervention>()
  const close = () => setAsking(undefined)
  return (
    <>
      {ASKED.map(name => (
        <ActionButton
          key={name}
          actions={order.actions}
          name={name}
          onClick={() => setAsking(name)}
          data-testid={`order.${name}`}
        />
      ))}
      <ByHandMenu order={order} onChoose={setAct} />
      {asking === 'record_answer' && <AnswerDialog order={order} onClose={close} />}
      {asking === 'choose_people' && <PeopleDialog order={order} onClose={close} />}
      {asking === 'send_notice' && <NoticeDialog order={order} onClose={close} />}
      {asking === 'report_issue' && <IssueDialog order={order} onClose={close} />}
      {act && <InterveneDialog order={order} act={act} onClose={() => setAct(undefined)} />}
    </>
  )
}
