import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../../api/admin'
import { useFulfil } from '../../../api/fulfil'
import type { Complaint, Order } from '../../../api/types'
import type { FieldSpec } from '../../../forms/Fields'
import { given } from '../../../forms/faults'
import { RecordDialog } from '../../../forms/RecordDialog'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { COMPLAINT_KINDS } from '../../../ui/codes'
import { ReasonDialog } from '../../../ui/ReasonDialog'
import { Empty } from '../../../ui/states'
import { When } from '../../../ui/Time'

const TONE: Record<string, string> = { open: 'red', answered: 'amber', closed: 'green' }

function Row({ complaint, onAct }: { complaint: Complaint; onAct?: (act: 'answer' | 'close') => void }) {
  const { t, code } = useWords()
  return (
    <li className="question" data-testid={`order.complaint:${complaint.id}`} data-state={complaint.state}>
      <div className="finding-head">
        <span className={`tag tag-${TONE[complaint.state] ?? 'grey'}`}>
          {code('complaint_state', complaint.state)}
        </span>
        <span className="strong">{code('complaint_kind', complaint.kind)}</span>
        <span className="quiet">
          {complaint.from && `${complaint.from} · `}
          {complaint.by.name} · <When at={complaint.at} />
        </span>
      </div>
      <p>{complaint.text}</p>
      {complaint.answer && <p className="quiet">{t('complaint.answered', { text: complaint.answer })}</p>}
      {complaint.outcome && <p className="quiet">{t('complaint.outcome', { text: complaint.outcome })}</p>}
      {onAct && complaint.state !== 'closed' && (
        <div className="question-foot">
          <Button
            size="small"
            onClick={() => onAct('answer')}
            data-testid={`order.complaint.answer:${complaint.id}`}
          >
            {t('action.answer')}
          </Button>
          <Button
            size="small"
            onClick={() => onAct('close')}
            data-testid={`order.complaint.close:${complaint.id}`}
          >
            {t('complaint.close')}
          </Button>
        </div>
      )}
    </li>
  )
}

function ComplaintDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code } = useWords()
  const write = useFulfil(order.id)
  const fields: FieldSpec[] = [
    {
      name: 'kind',
      label: t('complaint.kind'),
      kind: 'choice',
      required: true,
      options: COMPLAINT_KINDS.map(value => ({ value, label: code('complaint_kind', value) })),
    },
    { name: 'from', label: t('complaint.from') },
    { name: 'text', label: t('complaint.text'), kind: 'area', required: true },
  ]
  return (
    <RecordDialog
      id="order.complaining"
      title={t('complaint.title', { number: order.number })}
      okText={t('action.record')}
      fields={fields}
      write={write}
      onSend={values =>
        write.mutate(
          {
            act: 'complaints',
            body: { ...given(values), kind: values.kind ?? '', text: values.text ?? '' },
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}

/** What the customer complained about, what they were told, and what became of it. */
export function Complaints({ order }: { order: Order }) {
  const { t } = useWords()
  const may = useMay()
  const write = useFulfil(order.id)
  const [adding, setAdding] = useState(false)
  const [asking, setAsking] = useState<{ complaint: Complaint; act: 'answer' | 'close' }>()
  const { complaints } = order.fulfilment
  const ask = (complaint: Complaint) => (act: 'answer' | 'close') => {
    write.reset()
    setAsking({ complaint, act })
  }
  const send = (text: string) => {
    if (!asking) return
    const qid = asking.complaint.id
    const done = { onSuccess: () => setAsking(undefined) }
    if (asking.act === 'answer') write.mutate({ act: 'answer', qid, body: { answer: text } }, done)
    else write.mutate({ act: 'close', qid, body: { outcome: text } }, done)
  }
  return (
    <>
      <div className="block-head">
        <h3>{t('order.tab.complaints')}</h3>
        <ActionButton
          actions={order.actions}
          name="record_complaint"
          onClick={() => setAdding(true)}
          data-testid="order.record_complaint"
        />
      </div>
      {complaints.length === 0 && <Empty id="order.complaints" text={t('complaint.none')} />}
      <ul data-testid="order.complaints" data-count={complaints.length} data-live="order">
        {complaints.map(complaint => (
          <Row
            key={complaint.id}
            complaint={complaint}
            onAct={may('write_orders') ? ask(complaint) : undefined}
          />
        ))}
      </ul>
      {adding && <ComplaintDialog order={order} onClose={() => setAdding(false)} />}
      {asking && (
        <ReasonDialog
          id="order.complaint_act"
          title={t(`complaint.${asking.act}_title`)}
          label={t(`complaint.${asking.act}_label`)}
          busy={write.isPending}
          error={write.error}
          onSend={send}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  )
}
