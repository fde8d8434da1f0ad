import { FilterOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useEffect, useId, useState } from 'react'
import { useMay } from '../../api/admin'
import { findCustomers, useTaskChoices } from '../../api/hooks'
import { CodeSelect } from '../../forms/CodeSelect'
import { FilterBar, FilterSelect } from '../../forms/FilterBar'
import { useWords } from '../../i18n'
import { useWide } from '../../ui/useWide'
import { amountOf, askedFor, isTerm, type TaskFilter, terms } from './filter'

const OPEN_FROM = 900
/** A year that is still being typed begins with a nought. */
const FIRST_DAY = '1000-01-01'

/** An amount; the address holds it once it is typed. */
function AmountField({
  id,
  label,
  value = '',
  onChange,
}: {
  id: string
  label: string
  value?: string
  onChange: (amount: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const amount = amountOf(typed)
  const apply = () => {
    if (amount !== undefined && amount !== value) onChange(amount || undefined)
  }
  return (
    <Input
      className="filter-amount"
      inputMode="decimal"
      value={typed}
      placeholder={label}
      aria-label={label}
      aria-invalid={amount === undefined || undefined}
      status={amount === undefined ? 'error' : undefined}
      onChange={event => setTyped(event.target.value)}
      onBlur={apply}
      onPressEnter={apply}
      data-testid={id}
    />
  )
}

function DayField({
  id,
  label,
  value,
  onChange,
}: {
  id: string
  label: string
  value: string
  onChange: (day: string | undefined) => void
}) {
  return (
    <Input
      key={value}
      type="date"
      className="filter-day"
      defaultValue={value}
      prefix={<span className="quiet">{label}</span>}
      aria-label={label}
      onChange={event => {
        const day = event.target.value
        if (day === '' ? value : day >= FIRST_DAY) onChange(day || undefined)
      }}
      data-testid={id}
    />
  )
}

function Fields({ filter, onChange }: { filter: TaskFilter; onChange: (next: TaskFilter) => void }) {
  const { t, words, code } = useWords()
  const may = useMay()
  const { data: choices } = useTaskChoices()
  const offers = (field: string) => choices?.fields.includes(field) ?? false
  const due = filter.due ?? ''
  return (
    <>
      {offers('step') && (
        <FilterSelect
          id="tasks.filter:step"
          label={t('filter.step')}
          value={filter.step}
          searched
          options={choices?.steps.map(({ value, name }) => ({ value, label: words(name) })) ?? []}
          onChange={step => onChange({ step })}
        />
      )}
      {offers('customer') && may('read_master') && (
        <CodeSelect
          id="tasks.filter:customer"
          label={t('filter.customer')}
          placeholder={t('filter.customer')}
          className="filter"
          value={filter.customer ?? ''}
          find={findCustomers}
          onChange={customer => onChange({ customer })}
          onClear={() => onChange({ customer: undefined })}
        />
      )}
      {offers('amount') && (
        <>
          <AmountField
            id="tasks.filter:amount_from"
            label={t('filter.amount_from')}
            value={filter.amount_from}
            onChange={amount_from => onChange({ amount_from })}
          />
          <AmountField
            id="tasks.filter:amount_to"
            label={t('filter.amount_to')}
            value={filter.amount_to}
            onChange={amount_to => onChange({ amount_to })}
          />
          {(choices?.currencies.length ?? 0) > 1 && (
            <FilterSelect
              id="tasks.filter:currency"
              label={t('filter.currency')}
              value={filter.currency}
              options={choices?.currencies.map(value => ({ value, label: value })) ?? []}
              onChange={currency => onChange({ currency })}
            />
          )}
        </>
      )}
      <FilterSelect
        id="tasks.filter:due"
        label={t('filter.due')}
        value={isTerm(due) ? due : undefined}
        options={terms.map(value => ({ value, label: t(`filter.due_${value}`) }))}
        onChange={next => onChange({ due: next })}
      />
      <DayField
        id="tasks.filter:due_by"
        label={t('filter.due_by')}
        value={isTerm(due) ? '' : due}
        onChange={day => onChange({ due: day })}
      />
      {offers('warehouse') && (
        <FilterSelect
          id="tasks.filter:warehouse"
          label={t('filter.warehouse')}
          value={filter.warehouse}
          options={choices?.warehouses.map(({ code: value, name }) => ({ value, label: name })) ?? []}
          onChange={warehouse => onChange({ warehouse })}
        />
      )}
      {filter.department && (
        <span className="tag tag-blue">
          {t('filter.department')} {code('department', filter.department)}
        </span>
      )}
    </>
  )
}

/** What the queue is asked for; on a narrow screen behind a button that says how much is. */
export function TaskFilters({
  filter,
  onChange,
  onClear,
}: {
  filter: TaskFilter
  onChange: (next: TaskFilter) => void
  onClear: () => void
}) {
  const { t } = useWords()
  const wide = useWide(OPEN_FROM)
  const [open, setOpen] = useState(false)
  const fields = useId()
  const count = askedFor(filter)
  return (
    <>
      <FilterBar id="tasks" onClear={count ? onClear : undefined}>
        {!wide && (
          <Button
            icon={<FilterOutlined aria-hidden />}
            aria-expanded={open}
            aria-controls={fields}
            onClick={() => setOpen(!open)}
            data-testid="tasks.filters"
          >
            {t(count ? 'filter.some' : 'filter.none', { count })}
          </Button>
        )}
        {wide && <Fields filter={filter} onChange={onChange} />}
        {!wide && (
          <div id={fields} className="filters filters-folded" hidden={!open}>
            {open && <Fields filter={filter} onChange={onChange} />}
          </div>
        )}
      </FilterBar>
      {count > 0 && <p className="filter-note">{t('tasks.counts_whole')}</p>}
    </>
  )
}
