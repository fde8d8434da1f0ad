import { CloseOutlined } from '@ant-design/icons'
import { Button, Select } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../i18n'

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
