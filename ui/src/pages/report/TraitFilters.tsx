import { useDepartments } from '../../api/admin'
import { useBoardChoices } from '../../api/boards'
import type { Period, Traits } from '../../api/report'
import { FilterSelect } from '../../forms/FilterBar'
import { useWords } from '../../i18n'
import { traitKeys } from './period'

/** Narrows the boards to orders of one sort, of what those of the period have; and to the tasks of one department. */
export function TraitFilters({
  traits,
  period,
  departments,
  onChange,
}: {
  traits: Traits
  period: Period
  /** Whether the board counts tasks. */
  departments: boolean
  onChange: (next: Traits) => void
}) {
  const { t, code, words } = useWords()
  const { data } = useBoardChoices(period)
  const all = useDepartments().data
  const options = {
    channel: data?.channels.map(value => ({ value, label: code('channel', value) })),
    flow: data?.flows.map(({ value, name }) => ({ value, label: words(name) })),
    level: data?.levels.map(value => ({ value, label: value })),
    owner: data?.owners.map(({ value, name }) => ({ value, label: words(name) })),
    department: all?.map(each => ({ value: each.code, label: words(each.name) })),
  }
  return traitKeys.map(key => {
    if (key === 'department' && !departments) return null
    const offered = options[key] ?? []
    const value = traits[key]
    // What the address asks for stays to be seen and taken away, even where no order has it.
    const known = !value || offered.some(each => each.value === value)
    const shown = known ? offered : [...offered, { value, label: value }]
    if (!shown.length) return null
    return (
      <FilterSelect
        key={key}
        id={`report.filter:${key}`}
        label={t(`report.filter.${key}`)}
        value={value}
        options={shown}
        onChange={chosen => onChange({ [key]: chosen })}
      />
    )
  })
}
