import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { useProducts, usePutProduct } from '../../api/master'
import type { Product } from '../../api/types'
import type { FieldSpec, Values } from '../../forms/Fields'
import { changed, given } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money } from '../../ui/Money'
import { When } from '../../ui/Time'
import type { ViewProps } from './MasterPage'
import { Tools } from './Tools'
import { substitutesOf, substitutesText, unitsOf, unitsText } from './units'

const PLAIN = ['code', 'name', 'unit', 'line'] as const
const DECIMAL = ['tax_rate', 'list_price'] as const
/** Shown and written by those who may see costs. */
const COSTS = ['floor_price', 'cost_price', 'min_margin'] as const

const shown = (product: Product): Values => ({
  ...Object.fromEntries([...PLAIN, ...DECIMAL, ...COSTS].map(name => [name, product[name] ?? ''])),
  units: unitsText(product.units),
  substitutes: substitutesText(product.substitutes),
  indivisible: String(product.indivisible),
})

/** What was typed, as the API takes it. */
const asItem = ({ units, substitutes, indivisible, ...rest }: Values) => ({
  ...rest,
  ...(units !== undefined && { units: unitsOf(units) }),
  ...(substitutes !== undefined && { substitutes: substitutesOf(substitutes) }),
  ...(indivisible && { indivisible: indivisible === 'true' }),
})

function ProductDialog({ product, onClose }: { product?: Product; onClose: () => void }) {
  const { t } = useWords()
  const may = useMay()
  const write = usePutProduct()
  const before: Values = product ? shown(product) : {}
  const costs = may('read_costs') ? COSTS : []
  const fields: FieldSpec[] = [
    ...PLAIN.map(name => ({
      name,
      label: t(`product.${name}`),
      required: name !== 'line',
      fixed: name === 'code' && Boolean(product),
    })),
    { name: 'units', label: t('product.units'), placeholder: t('product.units_example') },
    {
      name: 'substitutes',
      label: t('product.substitutes'),
      placeholder: t('product.substitutes_example'),
    },
    {
      name: 'indivisible',
      label: t('product.indivisible'),
      kind: 'choice',
      options: ['true', 'false'].map(value => ({ value, label: t(`product.indivisible.${value}`) })),
    },
    ...[...DECIMAL, ...costs].map(name => ({
      name,
      label: t(`product.${name}`),
      kind: 'decimal' as const,
      placeholder: name === 'tax_rate' || name === 'min_margin' ? '0.13' : undefined,
    })),
  ]
  const send = (values: Values) =>
    write.mutate(
      { ...asItem(product ? changed(before, values) : given(values)), code: values.code ?? '' },
      { onSuccess: onClose },
    )
  return (
    <RecordDialog
      id="product.edit"
      title={t(product ? 'product.edit' : 'product.new')}
      okText={t('action.save')}
      fields={fields}
      initial={before}
      write={write}
      onSend={send}
      onClose={onClose}
    />
  )
}

/** Products with unit, tax and list price; costs for those who may see them. */
export function Products({ search, onChange }: ViewProps) {
  const { t } = useWords()
  const may = useMay()
  const { data: me } = useMe()
  const [editing, setEditing] = useState<Product | 'new'>()
  const money = (name: 'list_price' | 'floor_price' | 'cost_price'): Column<Product> => ({
    key: name,
    title: t(`product.${name}`),
    right: true,
    cell: row => <Money value={row[name]} currency={me?.company.currency} />,
  })
  const columns: Column<Product>[] = [
    { key: 'code', title: t('product.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('product.name'), cell: row => row.name },
    { key: 'unit', title: t('product.unit'), cell: row => row.unit },
    {
      key: 'tax',
      title: t('product.tax_rate'),
      right: true,
      cell: row => <span className="num">{row.tax_rate ?? '–'}</span>,
    },
    money('list_price'),
    ...(may('read_costs') ? [money('floor_price'), money('cost_price')] : []),
    { key: 'updated', title: t('master.updated'), cell: row => <When at={row.updated_at} /> },
    ...(may('read_stock')
      ? [
          {
            key: 'stock',
            title: t('stock.view.levels'),
            cell: (row: Product) => (
              <Link
                to="/stock"
                search={{ view: 'levels', product: row.code }}
                data-testid={`products.stock:${row.code}`}
              >
                {t('action.view')}
              </Link>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <Tools id="products" q={search.q} onSearch={q => onChange({ q })} onNew={() => setEditing('new')} />
      <DataTable
        id="products"
        label={t('master.view.products')}
        live="master"
        pages={useProducts(search.q)}
        keyOf={row => row.code}
        columns={columns}
        none={t(search.q ? 'master.none_match' : 'master.none')}
        onClear={search.q ? () => onChange({ q: undefined }) : undefined}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <ProductDialog
          product={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
