import { CloseOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { OrderQuery } from '../../api/types'
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
const WAIT_MS = 300

type Key = 'status' | 'stage' | 'channel' | 'department'
const choices: [key: Key, values: string[]][] = [
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
  const [q, setQ] = useState(search.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setQ(search.q ?? ''), [search.q])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (text: string, wait: number) => {
    setQ(text)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => onChange({ q: text.trim() || undefined }), wait)
  }
  return (
    <search className="filters">
      <Input
        allowClear
        className="filter-q"
        value={q}
        placeholder={t('orders.search')}
        aria-label={t('orders.search')}
        onChange={event => type(event.target.value, WAIT_MS)}
        onPressEnter={() => type(q, 0)}
        data-list-search=""
        data-testid="orders.q"
      />
      {choices.map(([key, values]) => (
        <Select
          key={key}
          allowClear
          value={search[key] ?? null}
          placeholder={t(`filter.${key}`)}
          aria-label={t(`filter.${key}`)}
          popupMatchSelectWidth={false}
          options={values.map(value => ({ value, label: code(key, value) }))}
          onChange={value => onChange({ [key]: value ?? undefined })}
          className="filter"
          data-testid={`orders.filter:${key}`}
        />
      ))}
      {search.customer && (
        <span className="tag tag-blue">
          {t('filter.customer')} {search.customer}
        </span>
      )}
      {onClear && (
        <Button type="text" icon={<CloseOutlined aria-hidden />} onClick={onClear} data-testid="orders.clear">
          {t('action.clear_filter')}
        </Button>
      )}
    </search>
  )
}
