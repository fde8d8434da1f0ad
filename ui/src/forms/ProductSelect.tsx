import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { findProducts } from '../api/hooks'
import { useWords } from '../i18n'
import { debouncedLatest } from './debouncedLatest'

const WAIT_MS = 150

/** Chooses a product by code or name. */
export function ProductSelect({
  id,
  label,
  value,
  invalid,
  disabled,
  onChange,
}: {
  id: string
  label: string
  value: string
  invalid?: boolean
  disabled?: boolean
  onChange: (code: string) => void
}) {
  const { t } = useWords()
  const [options, setOptions] = useState<{ value: string; label: string }[]>([])
  const [search] = useState(() =>
    debouncedLatest(
      findProducts,
      WAIT_MS,
      found => setOptions(found.map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))),
      () => setOptions([]),
    ),
  )
  useEffect(() => () => search.cancel(), [search])
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: search.run }}
      aria-label={label}
      placeholder={t('form.find_product')}
      status={invalid ? 'error' : undefined}
      disabled={disabled}
      value={value || undefined}
      options={options}
      notFoundContent={t('search.nothing')}
      onFocus={() => search.run('')}
      onChange={onChange}
      data-testid={id}
    />
  )
}
