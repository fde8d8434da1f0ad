import { useMay } from '../../api/admin'
import { findCustomers, useTaskChoices } from '../../api/hooks'
import { CodeSelect } from '../../forms/CodeSelect'
import { FilterSelect, FoldingFilters } from '../../forms/FilterBar'
import { AmountField, DayField } from '../../forms/FilterFields'
import { useWords } from '../../i18n'
import { askedFor, isTerm, type TaskFilter, terms } from './filter'

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

/** What the queue is asked for. */
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
  const count = askedFor(filter)
  return (
    <>
      <FoldingFilters id="tasks" count={count} onClear={count ? onClear : undefined}>
        <Fields filter={filter} onChange={onChange} />
      </FoldingFilters>
      {count > 0 && <p className="filter-note">{t('tasks.counts_whole')}</p>}
    </>
  )
}
