import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { type Rate, usePutRate, useRates } from '../../api/settings'
import type { FieldSpec } from '../../forms/Fields'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Tools } from './Tools'

function RateDialog({ rate, onClose }: { rate?: Rate; onClose: () => void }) {
  const { t } = useWords()
  const { data: me } = useMe()
  const write = usePutRate()
  const fields: FieldSpec[] = [
    { name: 'currency', label: t('rate.currency'), required: true, fixed: Boolean(rate) },
    { name: 'on', label: t('rate.on'), kind: 'date', required: true },
    {
      name: 'rate',
      label: t('rate.rate', { currency: me?.company.currency ?? '' }),
      kind: 'decimal',
      required: true,
    },
  ]
  return (
    <RecordDialog
      id="rate"
      title={t('rate.new')}
      okText={t('action.save')}
      fields={fields}
      initial={{ currency: rate?.currency ?? '', on: rate?.on ?? '', rate: rate?.rate ?? '' }}
      write={write}
      onSend={({ currency = '', on = '', rate: value = '' }) =>
        write.mutate({ currency: currency.toUpperCase(), on, rate: value }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}

/** What a unit of a foreign currency is worth from a day on, until the next one. */
export function Rates() {
  const { t } = useWords()
  const may = useMay()
  const { data: me } = useMe()
  const [editing, setEditing] = useState<Rate | 'new'>()
  const columns: Column<Rate>[] = [
    {
      key: 'currency',
      title: t('rate.currency'),
      cell: row => <span className="strong">{row.currency}</span>,
    },
    { key: 'on', title: t('rate.on'), cell: row => <span className="num">{row.on}</span> },
    {
      key: 'rate',
      title: t('rate.rate', { currency: me?.company.currency ?? '' }),
      right: true,
      cell: row => <span className="num">{row.rate}</span>,
    },
  ]
  return (
    <>
      <Tools id="rates" onNew={() => setEditing('new')} />
      <DataTable
        id="rates"
        label={t('master.view.rates')}
        live="master"
        pages={useRates()}
        keyOf={row => `${row.currency}:${row.on}`}
        columns={columns}
        none={t('master.none')}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <RateDialog rate={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  )
}
