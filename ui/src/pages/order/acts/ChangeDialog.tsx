import { Button, Input, Modal, Select, Space } from 'antd'
import { useState } from 'react'
import { type ChangeBody, useChangePreview, useOrderAct } from '../../../api/acts'
import type { ChangePreview, Order } from '../../../api/types'
import { bodyOf, type Draft, draftOf } from '../../../forms/order/draft'
import { TextField } from '../../../forms/TextField'
import { useWords } from '../../../i18n'
import { Money } from '../../../ui/Money'
import { Refusal } from '../../../ui/states'
import { shown } from '../TimelineList'

const ORIGINS = ['customer', 'sales', 'finance', 'warehouse', 'planning', 'service'] as const
const HEAD = ['requested_date', 'ship_to.address', 'ship_to.phone', 'special_requests'] as const

const percent = (part: string) => `${(Number(part) * 100).toFixed(1)} %`

/** What the change would come to, as the server says it. */
function Impact({ preview }: { preview: ChangePreview }) {
  const { t, words } = useWords()
  const names = (steps: { node_name: ChangePreview['kept'][number]['node_name'] }[]) =>
    steps.map(step => words(step.node_name)).join(t('list.comma'))
  const moved = preview.stock.filter(
    line => line.promised_before && line.promised_after && line.promised_before !== line.promised_after,
  )
  const short = preview.stock.filter(line => !line.enough)
  return (
    <section className="card" data-testid="change.preview" data-at-once={preview.at_once}>
      <ul className="changes" data-count={preview.differences.length}>
        {preview.differences.map(difference => (
          <li key={`${difference.line_id} ${difference.path}`} className="change">
            <span className="quiet">{words(difference.label)}</span> <del>{shown(difference.before)}</del> →{' '}
            <ins>{shown(difference.after)}</ins>
          </li>
        ))}
      </ul>
      {preview.totals_before && preview.totals_after && (
        <p>
          {t('change.total')}{' '}
          <Money value={preview.totals_before.gross} currency={preview.totals_before.currency} /> →{' '}
          <Money value={preview.totals_after.gross} currency={preview.totals_after.currency} strong />
        </p>
      )}
      {preview.margin_before && preview.margin_after && (
        <p data-testid="change.margin">
          {t('change.margin')} {percent(preview.margin_before)} →{' '}
          <strong>{percent(preview.margin_after)}</strong>
        </p>
      )}
      {moved.map(line => (
        <p key={line.line_id} data-testid={`change.day:${line.line_id}`}>
          {t('change.day', { product: line.product })} {line.promised_before} →{' '}
          <strong>{line.promised_after}</strong>
        </p>
      ))}
      {short.length > 0 && (
        <p className="warn">
          {t('change.short', { products: short.map(line => line.product).join(t('list.comma')) })}
        </p>
      )}
      {preview.credit && !preview.credit.enough && (
        <p className="warn">
          {t('change.credit_over', { exposure: preview.credit.exposure, limit: preview.credit.limit })}
        </p>
      )}
      {preview.findings_new.map(finding => (
        <p key={finding.id} className="warn">
          {words(finding.message)}
        </p>
      ))}
      {preview.at_once && <p>{t('change.at_once')}</p>}
      {preview.asked.length > 0 && <p>{t('change.asked', { steps: names(preview.asked) })}</p>}
      {preview.kept.length > 0 && <p className="quiet">{t('change.kept', { steps: names(preview.kept) })}</p>}
      {preview.told.length > 0 && (
        <p className="quiet" data-testid="change.preview.told">
          {t('change.told', { people: preview.told.map(person => person.name).join(t('list.comma')) })}
        </p>
      )}
    </section>
  )
}

/** Asks for a change: what is to be different, why, and what that would come to before anything moves. */
export function ChangeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, code } = useWords()
  const [draft, setDraft] = useState<Draft>(() => draftOf(order))
  // What others change while the dialog is open must not be taken back unseen.
  const [version] = useState(order.version)
  const [origin, setOrigin] = useState<string>('customer')
  const [reason, setReason] = useState('')
  const preview = useChangePreview(order.id)
  const write = useOrderAct(order.id)
  const change = (next: Draft) => {
    preview.reset()
    write.reset()
    setDraft(next)
  }
  const line = (key: string, field: 'quantity' | 'requested_date', value: string) =>
    change({
      ...draft,
      lines: draft.lines.map(each => (each.key === key ? { ...each, [field]: value } : each)),
    })
  const body = (): ChangeBody => {
    const { submit: _, ...wanted } = bodyOf(draft, false).body
    return { ...wanted, reason: reason.trim(), origin }
  }
  const ready = reason.trim() !== '' && !write.isPending
  const send = () => ready && write.mutate({ act: 'changes', version, body: body() }, { onSuccess: onClose })
  return (
    <Modal
      open
      width={760}
      title={t('change.request_title', { number: order.number })}
      okText={t('action.request_change')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'order.change.send' } as never}
      confirmLoading={write.isPending}
    >
      <table className="table table-cards" data-testid="order.change.lines" data-count={draft.lines.length}>
        <thead>
          <tr>
            <th>{t('line.product')}</th>
            <th>{t('line.quantity')}</th>
            <th>{t('line.requested_date')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {draft.lines.map(each => (
            <tr key={each.key}>
              <td>{each.name || each.product}</td>
              <td>
                <Input
                  aria-label={t('change.quantity_of', { product: each.product })}
                  inputMode="decimal"
                  value={each.quantity}
                  onChange={event => line(each.key, 'quantity', event.target.value)}
                  data-testid={`order.change.quantity:${each.key}`}
                />
              </td>
              <td>
                <Input
                  aria-label={t('change.date_of', { product: each.product })}
                  placeholder={draft.head.requested_date}
                  value={each.requested_date}
                  onChange={event => line(each.key, 'requested_date', event.target.value)}
                  data-testid={`order.change.date:${each.key}`}
                />
              </td>
              <td>
                <Button
                  size="small"
                  disabled={draft.lines.length < 2}
                  onClick={() => change({ ...draft, lines: draft.lines.filter(other => other !== each) })}
                  data-testid={`order.change.remove:${each.key}`}
                >
                  {t('action.remove')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {HEAD.map(field => (
        <TextField
          key={field}
          label={t(`field.${field}`)}
          value={draft.head[field]}
          onChange={value => change({ ...draft, head: { ...draft.head, [field]: value } })}
          id={`order.change.${field}`}
        />
      ))}
      <label className="field">
        <span>{t('change.origin')}</span>
        <Select
          aria-label={t('change.origin')}
          value={origin}
          onChange={setOrigin}
          options={ORIGINS.map(each => ({ value: each, label: code('change_origin', each) }))}
          data-testid="order.change.origin"
        />
      </label>
      <TextField label={t('task.reason')} value={reason} onChange={setReason} id="order.change.reason" />
      <Space>
        <Button
          loading={preview.isPending}
          onClick={() => preview.mutate(body())}
          data-testid="order.change.preview"
        >
          {t('change.preview')}
        </Button>
      </Space>
      {preview.data && <Impact preview={preview.data} />}
      <Refusal error={preview.error ?? write.error} id="order.change" />
    </Modal>
  )
}
