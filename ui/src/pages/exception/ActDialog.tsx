import { Modal } from 'antd'
import type { Exception, Order } from '../../api/types'
import { useWords } from '../../i18n'
import { AnswerDialog } from '../order/acts/AnswerDialog'
import { ChangeDialog } from '../order/acts/ChangeDialog'
import { InterveneDialog, type Intervention } from '../order/acts/InterveneDialog'
import { NoticeDialog } from '../order/acts/NoticeDialog'
import { BrokenPromises } from '../order/tabs/BrokenPromises'
import { ChangeVerbDialog } from '../order/tabs/Changes'
import { GiveDialog } from '../task/GiveDialog'
import { type Act, type Playbook, WAYS } from './useActs'

/** The dialog in which an act of the playbook is done: the one that the order page has for it. */
export function ActDialog({
  found,
  order,
  act,
  task,
  change,
  onClose,
}: {
  found: Exception
  order: Order
  act: Act
  onClose: () => void
} & Pick<Playbook, 'task' | 'change'>) {
  const { t, words } = useWords()
  const { name } = act
  const shared = { order, onClose }
  const settles = WAYS[name]
  if (settles)
    return (
      <Modal
        open
        width={640}
        title={t('exception.act_title', { act: words(act.label), number: order.number })}
        footer={null}
        onCancel={onClose}
      >
        <BrokenPromises order={order} only={settles.way} onSettled={onClose} />
      </Modal>
    )
  switch (name) {
    case 'reassign':
      return task ? <GiveDialog task={task} act="reassign" onClose={onClose} /> : null
    case 'record_answer':
      return <AnswerDialog {...shared} />
    case 'resend_notice':
      return <NoticeDialog {...shared} />
    case 'change_order':
      return <ChangeDialog {...shared} />
    case 'take_change':
    case 'reject_change': {
      const verb = name === 'take_change' ? 'take' : 'reject'
      return change ? (
        <ChangeVerbDialog order={order.id} change={change} verb={verb} onClose={onClose} />
      ) : null
    }
    default: {
      // What waits for a second person is an exception itself; all else is done at a step.
      const stay = [found.visit?.toString(), found.node_id].filter(value => value != null)
      const preset = name === 'agree' ? [found.id] : stay
      return <InterveneDialog key={name} {...shared} act={name as Intervention} preset={preset} />
    }
  }
}
