import { useTaskChoices } from '../../api/hooks'
import type { OrderQuery } from '../../api/types'
import { FilterSelect, FoldingFilters } from '../../forms/FilterBar'
import { AmountField } from '../../forms/FilterFields'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'

const STATUSES = [
  'draft',
  'incomplete',
  'in_review',
  'awaiting_customer',
  'confirmed',
  'in_fulfilment',
  'completed',
  'cancelled',
  'rejected',
  'expired',
]
const CHANNELS = ['form', 'phone', 'mail', 'excel', 'portal', 'api', 'import', 'paste', 'ubl']
export const DEPARTMENTS = ['sales', 'finance', 'warehouse', 'planning', 'service']
const STAGES = ['receive', 'check', 'review', 'customer', 'execute']

type Key = 'status' | 'stage' | 'channel' | 'department'
export const choices: [key: Key, values: string[]][] = [
  ['status', STATUSES],
  ['stage', STAGES],
  ['channel', CHANNELS],
  ['department', DEPARTMENTS],
]

/** What else can be asked for; an amount with its ends and its currency is one thing. */
export const more = ['amount_from', 'amount_to', 'currency', 'warehouse'] as const
const things = [...choices.map(([key]) => [key]), more.slice(0, 3), more.slice(3), ['customer' as const]]

/** How much the goods are worth and where they lie, as far as the flows let the caller know. */
function AmountAndPlace({ search, onChange }: { search: OrderQuery; onChange: (next: OrderQuery) => void }) {
  const { t } = useWords()
  const { data } = useTaskChoices()
  const offers = (field: string) => data?.fields.includes(field) ?? false
  return (
    <>
      {offers('amount') &&
        (['amount_from', 'amount_to'] as const).map(end => (
          <AmountField
            key={end}
            id={`orders.filter:${end}`}
            label={t(`filter.${end}`)}
            value={search[end]}
            onChange={amount => onChange({ [end]: amount })}
          />
        ))}
      {offers('amount') && (data?.currencies.length ?? 0) > 1 && (
        <FilterSelect
          id="orders.filter:currency"
          label={t('filter.currency')}
          value={search.currency}
          options={data?.currencies.map(value => ({ value, label: value })) ?? []}
          onChange={currency => onChange({ currency })}
        />
      )}
      {offers('warehouse') && (
        <FilterSelect
          id="orders.filter:warehouse"
          label={t('filter.warehouse')}
          value={search.warehouse}
          options={data?.warehouses.map(({ code, name }) => ({ value: code, label: name })) ?? []}
          onChange={warehouse => onChange({ warehouse })}
        />
      )}
    </>
  )
}

/** One box for words, chips for the rest; the address holds them all. */
export function OrderFilters({
  search,
  onChange,
  onClear,
}: {
  search: OrderQuery
  onChange: (next: OrderQuery) => void
  onClear?: () => void
}) {
  const { t, code } = useWords()
  const count = things.filter(keys => keys.some(key => search[key] !== undefined)).length
  return (
    <FoldingFilters
      id="orders"
      count={count}
      onClear={onClear}
      first={
        <ListSearch
          id="orders.q"
          label={t('orders.search')}
          value={search.q}
          onChange={q => onChange({ q })}
        />
      }
    >
      {choices.map(([key, values]) => (
        <FilterSelect
          key={key}
          id={`orders.filter:${key}`}
          label={t(`filter.${key}`)}
          value={search[key]}
          options={values.map(value => ({ value, label: code(key, value) }))}
          onChange={value => onChange({ [key]: value })}
        />
      ))}
      <AmountAndPlace search={search} onChange={onChange} />
      {search.customer && (
        <span className="tag tag-blue">
          {t('filter.customer')} {search.customer}
        </span>
      )}
    </FoldingFilters>
  )
}
