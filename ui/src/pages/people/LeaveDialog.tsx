import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useMay, useRecordLeave } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { TextField } from '../../forms/TextField'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

type Half = 'morning' | 'afternoon' | undefined

/** Days on leave; half days at both ends. Deadlines counted on the person's hours pass over it. */
export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { data: me } = useMe()
  const may = useMay()
  const [login, setLogin] = useState(me?.login)
  const [from, setFrom] = useState('')
  const [fromHalf, setFromHalf] = useState<Half>()
  const [until, setUntil] = useState('')
  const [untilHalf, setUntilHalf] = useState<Half>()
  const write = useRecordLeave()
  const ready = Boolean(login && from && until) && !write.isPending
  const send = () => {
    if (!ready) return
    const body = {
      ...(login !== me?.login && { login }),
      from,
      ...(fromHalf && { from_half: fromHalf }),
      until,
      ...(untilHalf && { until_half: untilHalf }),
    }
    write.mutate(body, { onSuccess: onClose })
  }
  const half = (label: string, value: Half, onChange: (half: Half) => void, id: string) => (
    <label className="field">
      <span>{label}</span>
      <Select
        allowClear
        aria-label={label}
        placeholder={t('absence.whole_day')}
        value={value}
        onChange={onChange}
        options={(['morning', 'afternoon'] as const).map(key => ({ value: key, label: t(`absence.${key}`) }))}
        data-testid={id}
      />
    </label>
  )
  return (
    <Modal
      open
      title={t('absence.leave_title')}
      okText={t('action.record')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !ready, 'data-testid': 'absence.leave.send' } as never}
      confirmLoading={write.isPending}
    >
      {may('write_organisation') && (
        <label className="field">
          <span>{t('absence.who')}</span>
          <ColleagueSelect
            id="absence.leave.login"
            label={t('absence.who')}
            value={login}
            self
            onChange={setLogin}
          />
        </label>
      )}
      <div className="field-row">
        <TextField
          type="date"
          label={t('absence.first_day')}
          value={from}
          onChange={setFrom}
          id="absence.leave.from"
        />
        {half(t('absence.first_half'), fromHalf, setFromHalf, 'absence.leave.from_half')}
      </div>
      <div className="field-row">
        <TextField
          type="date"
          label={t('absence.last_day')}
          value={until}
          onChange={setUntil}
          id="absence.leave.until"
        />
        {half(t('absence.last_half'), untilHalf, setUntilHalf, 'absence.leave.until_half')}
      </div>
      <Refusal error={write.error} id="absence.leave" />
    </Modal>
  )
}
