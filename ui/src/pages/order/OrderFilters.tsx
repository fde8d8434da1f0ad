import type { OrderQuery } from '../../api/types'
import { FilterBar, FilterSelect } from '../../forms/FilterBar'
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
const DEPARTMENTS = ['sales', 'finance', 'warehouse', 'planning', 'service']
const STAGES = ['receive', 'check', 'review', 'customer', 'execute']

type Key = 'status' | 'stage' | 'channel' | 'department'
export const choices: [key: Key, values: string[]][] = [
  ['status', STATUSES],
  ['stage', STAGES],
  ['channel', CHANNELS],
  ['department', DEPARTMENTS],
]

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
  return (
    <FilterBar id="orders" onClear={onClear}>
      <ListSearch id="orders.q" label={t('orders.search')} value={search.q} onChange={q => onChange({ q })} />
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
      {search.customer && (
        <span className="tag tag-blue">
          {t('filter.customer')} {search.customer}
        </span>
      )}
    </FilterBar>
  )
}
