import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { findProducts } from '../api/hooks'
import { useWords } from '../i18n'
import { debouncedLatest } from './debouncedLatest'

const WAIT_MS = 150

type Named = { code: string; name: string }
const optionOf = ({ code, name }: Named) => ({ value: code, label: `${code} · ${name}` })

/** Chooses a product by code or name; `first` stands in the list before anything was typed. */
export function ProductSelect({
  id,
  label,
  value,
  invalid,
  disabled,
  first,
  onChange,
}: {
  id: string
  label: string
  value: string
  invalid?: boolean
  disabled?: boolean
  first?: Named[]
  onChange: (code: string) => void
}) {
  const { t } = useWords()
  const [options, setOptions] = useState<ReturnType<typeof optionOf>[]>([])
  const [typed, setTyped] = useState(false)
  const offered = first?.length && !typed ? first.map(optionOf) : options
  const [search] = useState(() =>
    debouncedLatest(
      findProducts,
      WAIT_MS,
      found => setOptions(found.map(optionOf)),
      () => setOptions([]),
    ),
  )
  useEffect(() => () => search.cancel(), [search])
  const onSearch = (text: string) => {
    setTyped(text !== '')
    search.run(text)
  }
  return (
    <Select
      showSearch={{ filterOption: false, onSearch }}
      aria-label={label}
      placeholder={t('form.find_product')}
      status={invalid ? 'error' : undefined}
      disabled={disabled}
      value={value || undefined}
      options={offered}
      notFoundContent={t('search.nothing')}
      onFocus={() => search.run('')}
      onChange={onChange}
      data-testid={id}
    />
  )
}
