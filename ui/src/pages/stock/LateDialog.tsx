import { Button, Checkbox, Input, Modal } from 'antd'
import { useState } from 'react'
import { type LateProduct, useLatePreview, usePostpone } from '../../api/acts'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

type Row = LateProduct['items'][number]
const TAGS: Record<string, string> = { applied: 'tag-green', under_review: 'tag-amber', refused: 'tag-red' }

function Rows({ rows, left, onLeave }: { rows: Row[]; left?: Set<string>; onLeave?: (id: string) => void }) {
  const { t } = useWords()
  return (
    <table className="table table-cards" data-testid="late.rows" data-count={rows.length}>
      <thead>
        <tr>
          {onLeave && <th aria-label={t('late.chosen')} />}
          <th>{t('col.number')}</th>
          <th>{t('col.customer')}</th>
          <th>{t('late.lines')}</th>
          <th>{t(onLeave ? 'late.would' : 'late.became')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.id} data-testid={`late.row:${row.number}`} data-state={row.outcome}>
            {onLeave && (
              <td>
                <Checkbox
                  aria-label={t('late.choose', { number: row.number })}
                  checked={!left?.has(row.id)}
                  onChange={() => onLeave(row.id)}
                />
              </td>
            )}
            <td className="strong">{row.number}</td>
            <td>{row.customer}</td>
            <td data-label={t('late.lines')}>{row.lines.length}</td>
            <td>
              <span className={`tag ${TAGS[row.outcome]}`}>{t(`late.${row.outcome}`)}</span>
              {row.problem && <span className="quiet"> {row.problem.detail || row.problem.title}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Moves the day of one product in all orders that wait for it: looked at first, then each with its own answer. */
export function LateDialog({ product, onClose }: { product: string; onClose: () => void }) {
  const { t } = useWords()
  const [date, setDate] = useState('')
  const [reason, setReason] = useState('')
  const [left, setLeft] = useState<Set<string>>(new Set())
  const preview = useLatePreview()
  const write = usePostpone()
  const body = { product, date, reason: reason.trim() }
  const told = Boolean(date && body.reason)
  const shown = write.data ?? preview.data
  const chosen = preview.data?.items.filter(row => !left.has(row.id)).map(row => row.id) ?? []
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      preview.reset()
      set(value)
    }
  const leave = (id: string) => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    setLeft(next)
  }
  return (
    <Modal
      open
      width={820}
      title={t('late.title', { product })}
      okText={write.data ? t('action.close') : t('late.send', { count: chosen.length })}
      cancelText={t('action.back')}
      onOk={() => (write.data ? onClose() : write.mutate({ ...body, orders: chosen }))}
      onCancel={onClose}
      okButtonProps={{ disabled: !write.data && !chosen.length, 'data-testid': 'late.send' } as never}
      confirmLoading={write.isPending}
    >
      {!write.data && (
        <>
          <p className="quiet">{t('late.text')}</p>
          <label className="field">
            <span>{t('late.date')}</span>
            <Input
              type="date"
              value={date}
              onChange={event => changed(setDate)(event.target.value)}
              data-testid="late.date"
            />
          </label>
          <TextField label={t('task.reason')} value={reason} onChange={setReason} id="late.reason" />
          <p>
            <Button
              disabled={!told}
              loading={preview.isPending}
              onClick={() => preview.mutate(body)}
              data-testid="late.preview"
            >
              {t('late.preview')}
            </Button>
          </p>
        </>
      )}
      {shown && (
        <section className="block" data-testid={write.data ? 'late.result' : 'late.shown'}>
          <p>
            {t('late.counts', {
              applied: shown.applied,
              under_review: shown.under_review,
              refused: shown.refused,
            })}
            {shown.more && ` ${t('late.more')}`}
          </p>
          {shown.items.length > 0 && (
            <Rows rows={shown.items} left={left} onLeave={write.data ? undefined : leave} />
          )}
        </section>
      )}
      <Refusal error={write.error ?? preview.error} id="late" />
    </Modal>
  )
}
