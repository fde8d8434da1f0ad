import { CloseOutlined, FilterOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../i18n'
import { useWide } from '../ui/useWide'

const OPEN_FROM = 900

/** What a list can be asked for. The address holds it; clearing asks for everything again. */
export function FilterBar({
  id,
  onClear,
  children,
}: {
  id: string
  /** Where something is asked for. */
  onClear?: () => void
  children: ReactNode
}) {
  const { t } = useWords()
  return (
    <search className="filters">
      {children}
      {onClear && (
        <Button
          type="text"
          icon={<CloseOutlined aria-hidden />}
          onClick={onClear}
          data-testid={`${id}.clear`}
        >
          {t('action.clear_filter')}
        </Button>
      )}
    </search>
  )
}

/** The same for a list that can be asked for much; on a narrow screen behind a button that says how much is. */
export function FoldingFilters({
  id,
  count,
  first,
  onClear,
  children,
}: {
  id: string
  /** How many of the fields hold something. */
  count: number
  /** What is shown in any case. */
  first?: ReactNode
  onClear?: () => void
  children: ReactNode
}) {
  const { t } = useWords()
  const wide = useWide(OPEN_FROM)
  const [open, setOpen] = useState(false)
  const fields = useId()
  return (
    <FilterBar id={id} onClear={onClear}>
      {first}
      {wide && children}
      {!wide && (
        <>
          <Button
            icon={<FilterOutlined aria-hidden />}
            aria-expanded={open}
            aria-controls={fields}
            onClick={() => setOpen(!open)}
            data-testid={`${id}.filters`}
          >
            {t(count ? 'filter.some' : 'filter.none', { count })}
          </Button>
          <div id={fields} className="filters filters-folded" hidden={!open}>
            {open && children}
          </div>
        </>
      )}
    </FilterBar>
  )
}

/** One of a few values, or any. */
export function FilterSelect({
  id,
  label,
  value,
  options,
  searched,
  onChange,
}: {
  id: string
  label: string
  value: string | undefined
  options: { value: string; label: string }[]
  /** Typing finds options by any part of what they show. */
  searched?: boolean
  onChange: (value: string | undefined) => void
}) {
  const { t } = useWords()
  return (
    <Select
      allowClear
      showSearch={searched ? { optionFilterProp: 'label' } : false}
      value={value ?? null}
      placeholder={label}
      aria-label={label}
      popupMatchSelectWidth={false}
      options={options}
      notFoundContent={t('search.nothing')}
      onChange={chosen => onChange(chosen ?? undefined)}
      className="filter"
      data-testid={id}
    />
  )
}
