import { Button, Modal } from 'antd'
import { useState } from 'react'
import { type ChangeVerb, useChanges, useChangeVerb } from '../../../api/hooks'
import type { Order, OrderChange } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { Differences } from '../../../ui/Differences'
import { ReasonDialog } from '../../../ui/ReasonDialog'
import { Empty, Failed, Loading, Refusal } from '../../../ui/states'
import { When } from '../../../ui/Time'

function Told({ change }: { change: OrderChange }) {
  const { t, code } = useWords()
  if (!change.told.length) return null
  return (
    <ul data-testid={`change.told:${change.number}`} data-count={change.told.length}>
      {change.told.map(told => (
        <li key={`${told.to} ${told.what} ${told.at}`} className="quiet" data-read={told.read}>
          {told.to} · {code('template', told.what)} ·{' '}
          {told.person
            ? t(told.read ? 'change.read' : 'change.unread')
            : code('notice_channel', told.channel)}
        </li>
      ))}
    </ul>
  )
}

function Reviews({ change }: { change: OrderChange }) {
  const { t, words } = useWords()
  return (
    <>
      {change.again.length > 0 && (
        <p className="quiet">
          {t('change.again', {
            steps: change.again.map(step => words(step.node_name)).join(t('list.comma')),
          })}
        </p>
      )}
      {change.kept.length > 0 && (
        <p className="quiet">
          {t('change.kept', { steps: change.kept.map(step => words(step.node_name)).join(t('list.comma')) })}
        </p>
      )}
    </>
  )
}

/** What was asked for, by whom and why, and what became of it. */
export function ChangeSays({ change }: { change: OrderChange }) {
  const { t, code, words } = useWords()
  return (
    <>
      <div>
        <span className="strong">
          {t('change.title', { n: change.number, state: code('change_state', change.state) })}
        </span>{' '}
        <span className="quiet">
          {code('change_origin', change.origin)} · {change.by.name} · <When at={change.at} />
        </span>
      </div>
      <p className="event-reason">{t('timeline.reason', { text: change.reason })}</p>
      <Differences of={change.differences} />
      {change.left_out.length > 0 && (
        <p className="quiet" data-testid={`change.left_out:${change.number}`}>
          {t('change.left_out', {
            fields: change.left_out.map(difference => words(difference.label)).join(t('list.comma')),
            reason: change.left_out_reason ?? '',
          })}
        </p>
      )}
      <Reviews change={change} />
      {change.closed_reason && (
        <p className="event-reason">{t('timeline.reason', { text: change.closed_reason })}</p>
      )}
      <Told change={change} />
    </>
  )
}

function Row({ change, ask }: { change: OrderChange; ask: (change: OrderChange, verb: ChangeVerb) => void }) {
  const { t } = useWords()
  const verbs: ChangeVerb[] = ['take', 'reject', 'withdraw']
  return (
    <li className="event" data-testid={`change:${change.number}`} data-state={change.state}>
      <div className="event-body">
        <ChangeSays change={change} />
        {verbs.map(verb => (
          <ActionButton
            key={verb}
            actions={change.actions}
            name={verb}
            size="small"
            type={verb === 'take' ? 'primary' : 'default'}
            onClick={() => ask(change, verb)}
            data-testid={`change.${verb}:${change.number}`}
          >
            {verb === 'take' ? t('change.take') : undefined}
          </ActionButton>
        ))}
      </div>
    </li>
  )
}

/** Takes a change up, refuses it or takes it back; whatever ends it needs a reason. */
export function ChangeVerbDialog({
  order,
  change,
  verb,
  onClose,
}: {
  order: string
  change: OrderChange
  verb: ChangeVerb
  onClose: () => void
}) {
  const { t } = useWords()
  const write = useChangeVerb(order)
  const send = (reason: string) => write.mutate({ change: change.id, verb, reason }, { onSuccess: onClose })
  if (verb !== 'take')
    return (
      <ReasonDialog
        id="change"
        title={t(`change.${verb}_title`, { n: change.number })}
        label={t('task.reason')}
        busy={write.isPending}
        error={write.error}
        onSend={send}
        onClose={onClose}
      />
    )
  return (
    <Modal
      open
      title={t('change.take_title', { n: change.number })}
      onCancel={onClose}
      footer={
        <Button type="primary" loading={write.isPending} onClick={() => send('')} data-testid="change.send">
          {t('change.take')}
        </Button>
      }
    >
      <p>{t('change.take_text')}</p>
      <Refusal id="change" error={write.error} />
    </Modal>
  )
}

export function Changes({ order }: { order: Order }) {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useChanges(order.id, order.version)
  const [asking, setAsking] = useState<{ change: OrderChange; verb: ChangeVerb }>()
  if (isPending) return <Loading />
  if (!data) return <Failed id="order.changes" error={error} retry={() => refetch()} />
  if (!data.items.length) return <Empty id="order.changes" text={t('change.none')} />
  return (
    <>
      <ul data-testid="order.changes" data-count={data.items.length} data-live="order">
        {data.items.map(change => (
          <Row key={change.id} change={change} ask={(of, verb) => setAsking({ change: of, verb })} />
        ))}
      </ul>
      {asking && <ChangeVerbDialog order={order.id} {...asking} onClose={() => setAsking(undefined)} />}
    </>
  )
}
