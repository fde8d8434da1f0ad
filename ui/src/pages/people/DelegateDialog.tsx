import { Checkbox, Modal, Select } from 'antd'
import { useState } from 'react'
import { useDelegate, useFlows, useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

/** The choice of one flow; the list of flows is not everybody's to read. */
function FlowChoice({ value, onChange }: { value?: string; onChange: (flow?: string) => void }) {
  const { t, words } = useWords()
  const { data } = useFlows()
  const flows = data?.filter(flow => flow.state === 'active') ?? []
  return (
    <label className="field">
      <span>{t('absence.flow')}</span>
      <Select
        allowClear
        aria-label={t('absence.flow')}
        placeholder={t('absence.all_flows')}
        value={value}
        onChange={onChange}
        options={flows.map(flow => ({ value: flow.key, label: words(flow.name) }))}
        data-testid="absence.delegate.flow"
      />
    </label>
  )
}

/** Delegates one's work for a while; for whoever maintains the organisation, anybody's. */
export function DelegateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { data: me } = useMe()
  const may = useMay()
  const [from, setFrom] = useState(me?.login)
  const [to, setTo] = useState<string>()
  const [starts, setStarts] = useState('')
  const [ends, setEnds] = useState('')
  const [flow, setFlow] = useState<string>()
  const [amount, setAmount] = useState('')
  const [open, setOpen] = useState(true)
  const write = useDelegate()
  const ready = Boolean(from && to && ends) && !write.isPending
  const send = () => {
    if (!ready || !to) return
    const body = {
      ...(from !== me?.login && { from }),
      to,
      ...(starts && { starts_at: starts }),
      ends_at: ends,
      ...(flow && { flow }),
      ...(amount.trim() && { amount_up_to: amount.trim() }),
      include_open: open,
    }
    write.mutate(body, { onSuccess: onClose })
  }
  return (
    <Modal
      open
      title={t('absence.delegate_title')}
      okText={t('action.delegate')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'absence.delegate.send' } as never}
      confirmLoading={write.isPending}
    >
      <p className="quiet">{t('absence.delegate_note')}</p>
      {may('write_organisation') && (
        <label className="field">
          <span>{t('absence.whose')}</span>
          <ColleagueSelect
            id="absence.delegate.from"
            label={t('absence.whose')}
            value={from}
            self
            onChange={setFrom}
          />
        </label>
      )}
      <label className="field">
        <span>{t('absence.to')}</span>
        <ColleagueSelect id="absence.delegate.to" label={t('absence.to')} value={to} self onChange={setTo} />
      </label>
      <div className="field-row">
        <TextField
          type="date"
          label={t('absence.from_now')}
          value={starts}
          onChange={setStarts}
          id="absence.delegate.starts"
        />
        <TextField
          type="date"
          label={t('absence.until')}
          value={ends}
          onChange={setEnds}
          id="absence.delegate.ends"
        />
      </div>
      <div className="field-row">
        {may('read_flows') && <FlowChoice value={flow} onChange={setFlow} />}
        <TextField
          inputMode="decimal"
          label={t('absence.amount')}
          value={amount}
          onChange={setAmount}
          id="absence.delegate.amount"
        />
      </div>
      <div className="field">
        <Checkbox
          checked={open}
          onChange={event => setOpen(event.target.checked)}
          data-testid="absence.delegate.open"
        >
          {t('absence.include_open')}
        </Checkbox>
      </div>
      <Refusal error={write.error} id="absence.delegate" />
    </Modal>
  )
}
