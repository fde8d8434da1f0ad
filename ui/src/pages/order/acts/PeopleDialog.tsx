import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'

/** Chooses who does the steps that leave it to people, among those the flow allows. */
export function PeopleDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, words } = useWords()
  const [chosen, setChosen] = useState<Record<string, string[]>>(
    Object.fromEntries(order.people_to_choose.map(step => [step.node_id, step.chosen])),
  )
  const write = useOrderAct(order.id)
  const send = () => write.mutate({ act: 'people', body: { people: chosen } }, { onSuccess: onClose })
  return (
    <Modal
      open
      title={t('order.people_title', { number: order.number })}
      okText={t('action.ok')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ 'data-testid': 'order.people.send' } as never}
      confirmLoading={write.isPending}
    >
      {order.people_to_choose.map(step => (
        <label key={step.node_id} className="field">
          <span>{words(step.name)}</span>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={words(step.name)}
            placeholder={t('people.choose')}
            value={chosen[step.node_id]}
            onChange={logins => setChosen({ ...chosen, [step.node_id]: logins })}
            options={step.among.map(person => ({
              value: person.login,
              label: `${person.name} (${person.login})`,
            }))}
            data-testid={`order.people:${step.node_id}`}
          />
        </label>
      ))}
      <Refusal error={write.error} id="order.people" />
    </Modal>
  )
}
