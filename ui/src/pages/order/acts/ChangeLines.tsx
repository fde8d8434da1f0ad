import { PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useRef } from 'react'
import { findProducts } from '../../../api/hooks'
import type { Product } from '../../../api/types'
import { CodeSelect } from '../../../forms/CodeSelect'
import { decimalOf } from '../../../forms/lines/values'
import {
  type Draft,
  type DraftAction,
  type DraftLine,
  isBlank,
  type LineField,
} from '../../../forms/order/draft'
import type { Unreadable } from '../../../forms/order/unreadable'
import { useWords } from '../../../i18n'

interface Props {
  draft: Draft
  /** Prices are shown and asked for. */
  priced: boolean
  faulty: Unreadable[]
  dispatch: (action: DraftAction) => void
  onProduct: (key: string, product: Product) => void
  onQuantity: (key: string) => void
}

/** Lines of the order have numbers; those that the change adds have none yet. */
const isNew = (line: DraftLine) => !/^\d+$/.test(line.key)

/** The product of a line that the change adds, by code or name. */
function NewProduct({ line, onProduct }: { line: DraftLine; onProduct: Props['onProduct'] }) {
  const { t } = useWords()
  const seen = useRef(new Map<string, Product>())
  const find = async (q: string) => {
    const found = await findProducts(q)
    for (const product of found) seen.current.set(product.code, product)
    return found
  }
  return (
    <CodeSelect
      id={`order.change.product:${line.key}`}
      label={t('line.product')}
      className="change-product"
      placeholder={t('form.find_product')}
      value={line.product}
      find={find}
      onChange={code => {
        const product = seen.current.get(code)
        if (product) onProduct(line.key, product)
      }}
    />
  )
}

/** The lines of an order in a change: other quantities, prices and days, fewer of them or more. */
export function ChangeLines({ draft, priced, faulty, dispatch, onProduct, onQuantity }: Props) {
  const { t } = useWords()
  const asked = draft.lines.filter(line => !isBlank(line)).length
  const isFaulty = (line: DraftLine, field: LineField) =>
    faulty.some(({ place }) => 'key' in place && place.key === line.key && place.field === field)
  const cell = (line: DraftLine, field: LineField, id: string, label: string, hint = '') => (
    <Input
      aria-label={label}
      inputMode={field === 'requested_date' ? undefined : 'decimal'}
      placeholder={hint}
      status={isFaulty(line, field) ? 'error' : undefined}
      value={line[field]}
      onBlur={() => field === 'quantity' && isNew(line) && onQuantity(line.key)}
      onChange={event => dispatch({ kind: 'line', key: line.key, field, value: event.target.value })}
      data-testid={`order.change.${id}:${line.key}`}
    />
  )
  return (
    <>
      <table className="table table-cards" data-testid="order.change.lines" data-count={draft.lines.length}>
        <thead>
          <tr>
            <th>{t('line.product')}</th>
            <th>{t('line.quantity')}</th>
            {priced && <th>{t('line.unit_price')}</th>}
            {priced && <th>{t('line.discount')}</th>}
            <th>{t('line.requested_date')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {draft.lines.map(line => {
            const product = line.product || t('change.new_line')
            return (
              <tr key={line.key}>
                <td>
                  {isNew(line) ? <NewProduct line={line} onProduct={onProduct} /> : line.name || product}
                </td>
                <td data-label={t('line.quantity')}>
                  {cell(line, 'quantity', 'quantity', t('change.quantity_of', { product }))}
                </td>
                {priced && (
                  <td data-label={t('line.unit_price')}>
                    {cell(line, 'unit_price', 'price', t('change.price_of', { product }))}
                  </td>
                )}
                {priced && (
                  <td data-label={t('line.discount')}>
                    <Input
                      aria-label={t('change.discount_of', { product })}
                      inputMode="decimal"
                      status={line.discount && decimalOf(line.discount) === null ? 'error' : undefined}
                      value={line.discount}
                      onChange={event =>
                        dispatch({ kind: 'discount', key: line.key, percent: event.target.value })
                      }
                      data-testid={`order.change.discount:${line.key}`}
                    />
                  </td>
                )}
                <td data-label={t('line.requested_date')}>
                  {cell(
                    line,
                    'requested_date',
                    'date',
                    t('change.date_of', { product }),
                    draft.head.requested_date,
                  )}
                </td>
                <td>
                  <Button
                    size="small"
                    aria-label={t('change.remove_of', { product })}
                    disabled={!isBlank(line) && asked < 2}
                    onClick={() => dispatch({ kind: 'delete', key: line.key })}
                    data-testid={`order.change.remove:${line.key}`}
                  >
                    {t('action.remove')}
                  </Button>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {priced && (
        <Button
          size="small"
          className="change-add"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => dispatch({ kind: 'append' })}
          data-testid="order.change.add"
        >
          {t('entry.add_line')}
        </Button>
      )}
    </>
  )
}
