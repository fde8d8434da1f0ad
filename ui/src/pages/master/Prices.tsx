import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { usePrices, usePutPrice } from '../../api/master'
import type { Price } from '../../api/types'
import type { FieldSpec, Values } from '../../forms/Fields'
import { given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money, Quantity } from '../../ui/Money'
import type { ViewProps } from './MasterPage'
import { Tools } from './Tools'

const KINDS = ['agreed', 'quotation']
/** What names a price: another value of these is another price. */
const NAMING = ['product', 'customer', 'level', 'currency', 'kind', 'min_quantity', 'valid_from'] as const
const keyOf = (row: Price) => NAMING.map(name => row[name] ?? '').join(':')

const shown = (price: Price): Values =>
  Object.fromEntries(Object.entries(price).map(([name, value]) => [name, value ?? '']))

function PriceDialog({ price, onClose }: { price?: Price; onClose: () => void }) {
  const { t, code } = useWords()
  const write = usePutPrice()
  const known = Boolean(price)
  const fields: FieldSpec[] = [
    { name: 'product', label: t('stock.product'), kind: 'product', required: true, fixed: known },
    { name: 'price', label: t('price.price'), kind: 'decimal', required: true },
    {
      name: 'kind',
      label: t('price.kind'),
      kind: 'choice',
      required: true,
      fixed: known,
      options: KINDS.map(value => ({ value, label: code('price_kind', value) })),
    },
    { name: 'customer', label: t('field.customer.code'), placeholder: t('price.everybody'), fixed: known },
    { name: 'level', label: t('field.customer.level'), placeholder: t('price.every_level'), fixed: known },
    { name: 'currency', label: t('field.currency'), placeholder: t('price.usual_currency'), fixed: known },
    { name: 'min_quantity', label: t('price.min_quantity'), kind: 'decimal', fixed: known },
    { name: 'valid_from', label: t('price.valid_from'), kind: 'date', fixed: known },
    { name: 'valid_to', label: t('price.valid_to'), kind: 'date' },
  ]
  return (
    <RecordDialog
      id="price"
      title={t(known ? 'price.edit' : 'price.new')}
      okText={t('action.save')}
      fields={fields}
      initial={price ? shown(price) : { kind: 'agreed' }}
      write={write}
      onSend={values =>
        write.mutate(
          { ...given(values), product: values.product ?? '', price: values.price ?? '' },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    />
  )
}

/** Prices that differ from the list: for a customer, a level, a quantity, a time. */
export function Prices({ search, onChange }: ViewProps) {
  const { t, code } = useWords()
  const may = useMay()
  const { data: me } = useMe()
  const [editing, setEditing] = useState<Price | 'new'>()
  const columns: Column<Price>[] = [
    { key: 'product', title: t('stock.product'), cell: row => <span className="strong">{row.product}</span> },
    {
      key: 'for',
      title: t('price.for'),
      cell: row =>
        row.customer ??
        (row.level ? (
          t('price.level', { level: row.level })
        ) : (
          <span className="quiet">{t('price.everybody')}</span>
        )),
    },
    { key: 'kind', title: t('price.kind'), cell: row => code('price_kind', row.kind) },
    {
      key: 'min',
      title: t('price.min_quantity'),
      right: true,
      cell: row => <Quantity value={Number(row.min_quantity) ? row.min_quantity : null} />,
    },
    {
      key: 'price',
      title: t('price.price'),
      right: true,
      cell: row => <Money value={row.price} currency={row.currency ?? me?.company.currency} strong />,
    },
    {
      key: 'valid',
      title: t('price.valid'),
      cell: row =>
        row.valid_from || row.valid_to ? (
          <span className="num">
            {row.valid_from ?? '…'} – {row.valid_to ?? '…'}
          </span>
        ) : (
          <span className="quiet">{t('price.always')}</span>
        ),
    },
  ]
  return (
    <>
      <Tools id="prices" q={search.q} onSearch={q => onChange({ q })} onNew={() => setEditing('new')} />
      <DataTable
        id="prices"
        label={t('master.view.prices')}
        live="master"
        pages={usePrices(search.q)}
        keyOf={keyOf}
        columns={columns}
        none={t(search.q ? 'master.none_match' : 'master.none')}
        onClear={search.q ? () => onChange({ q: undefined }) : undefined}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <PriceDialog price={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  )
}
