import { Input, Modal, Select } from 'antd'
import { useState } from 'react'
import { useOrderAct } from '../../../api/acts'
import type { ByHand, Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'

export type Intervention =
  | 'jump'
  | 'skip'
  | 'rerun'
  | 'override'
  | 'take_over'
  | 'put_back'
  | 'end'
  | 'revive'
  | 'agree'

interface Choice {
  value: string
  label: string
  /** The step, where the value is one of its stays. */
  node?: string
}

/** What is done with a step of a run about one line or warehouse says which. */
function useWaiting(order: Order) {
  const { words } = useWords()
  return (found: ByHand['skip']) =>
    found.map(step => {
      const run = order.side_runs.find(side => side.number === step.run)
      const line = order.lines.findIndex(known => known.id === run?.line_id)
      const about = line >= 0 ? `#${line + 1}` : run?.warehouse
      const label = [words(step.name), about].filter(Boolean).join(' · ')
      return { value: String(step.visit), label, node: step.node_id }
    })
}

/** What an act is done with: the field of the request, and what the server offers for it. */
function useChoices(act: Intervention, byHand: ByHand, order: Order): [field?: string, choices?: Choice[]] {
  const { words, code } = useWords()
  const waiting = useWaiting(order)
  const steps = (found: ByHand['jump_to']) =>
    found.map(step => ({ value: step.node_id, label: words(step.name) }))
  switch (act) {
    case 'jump':
      return ['to', steps(byHand.jump_to)]
    case 'skip':
    case 'rerun':
      return ['node', waiting(byHand[act])]
    case 'end':
      return ['outcome', byHand.outcomes.map(value => ({ value, label: code('status', value) }))]
    case 'override':
      return [
        'finding_id',
        order.findings
          .filter(finding => byHand.findings.includes(finding.id))
          .map(finding => ({ value: finding.id, label: words(finding.message) })),
      ]
    case 'agree':
      return [
        'exception_id',
        order.exceptions
          .filter(found => byHand.agree.includes(found.id))
          .map(found => ({ value: found.id, label: words(found.cause) })),
      ]
    default:
      return []
  }
}

/** One act of the process admin, always with a reason. */
export function InterveneDialog({
  order,
  act,
  preset,
  onClose,
}: {
  order: Order
  act: Intervention
  /** What is chosen at first: the first of these that can be. */
  preset?: string[]
  onClose: () => void
}) {
  const { t } = useWords()
  const byHand = order.by_hand ?? {
    actions: [],
    jump_to: [],
    skip: [],
    rerun: [],
    outcomes: [],
    findings: [],
    agree: [],
  }
  const [field, choices] = useChoices(act, byHand, order)
  const wanted = preset?.map(value => choices?.find(choice => [choice.value, choice.node].includes(value)))
  const first = wanted?.find(Boolean) ?? (choices?.length === 1 ? choices[0] : undefined)
  const [chosen, setChosen] = useState(first?.value)
  const [reason, setReason] = useState('')
  const write = useOrderAct(order.id)
  const ready = reason.trim() !== '' && (!field || Boolean(chosen)) && !write.isPending
  const send = () => {
    if (!ready) return
    const node = choices?.find(choice => choice.value === chosen)?.node
    const what = node ? { node, visit: Number(chosen) } : { ...(field && { [field]: chosen }) }
    const body = { act, reason: reason.trim(), ...what }
    write.mutate({ act: 'intervene', body }, { onSuccess: onClose })
  }
  return (
    <Modal
      open
      title={t('order.intervene_title', { act: t(`act.${act}`), number: order.number })}
      okText={t('action.ok')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={
        { danger: act === 'end', disabled: !ready, 'data-testid': 'order.intervene.send' } as never
      }
      confirmLoading={write.isPending}
    >
      <p className="quiet">{t(`act_note.${act}`)}</p>
      {field && (
        <label className="field">
          <span>{t(`act_field.${field}`)}</span>
          <Select
            aria-label={t(`act_field.${field}`)}
            placeholder={t('people.choose')}
            value={chosen}
            onChange={setChosen}
            options={choices}
            data-testid="order.intervene.choice"
          />
        </label>
      )}
      <label className="field">
        <span>{t('task.reason')}</span>
        <Input.TextArea
          autoFocus
          rows={3}
          maxLength={500}
          value={reason}
          onChange={event => setReason(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.intervene.reason"
        />
      </label>
      <Refusal error={write.error} id="order.intervene" />
    </Modal>
  )
}
