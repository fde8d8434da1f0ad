import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useWords } from '../i18n'
import { debouncedLatest } from './debouncedLatest'

const WAIT_MS = 150

export type Named = { code: string; name: string }
const optionOf = ({ code, name }: Named) => ({ value: code, label: `${code} · ${name}` })

/** Chooses something that has a code by its code or name; `first` stands in the list before anything was typed. */
export function CodeSelect({
  id,
  label,
  placeholder,
  value,
  find,
  invalid,
  disabled,
  first,
  className,
  onChange,
  onClear,
}: {
  id: string
  label: string
  placeholder: string
  value: string
  find: (q: string) => Promise<Named[]>
  invalid?: boolean
  disabled?: boolean
  first?: Named[]
  className?: string
  onChange: (code: string) => void
  /** Nothing need be chosen. */
  onClear?: () => void
}) {
  const { t } = useWords()
  const [options, setOptions] = useState<ReturnType<typeof optionOf>[]>([])
  const [typed, setTyped] = useState(false)
  const offered = first?.length && !typed ? first.map(optionOf) : options
  const [search] = useState(() =>
    debouncedLatest(
      find,
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
      allowClear={Boolean(onClear)}
      onClear={onClear}
      showSearch={{ filterOption: false, onSearch }}
      aria-label={label}
      placeholder={placeholder}
      status={invalid ? 'error' : undefined}
      disabled={disabled}
      popupMatchSelectWidth={!className}
      className={className}
      value={value || undefined}
      options={offered}
      notFoundContent={t('search.nothing')}
      onFocus={() => search.run('')}
      onChange={code => code !== undefined && onChange(code)}
      data-testid={id}
    />
  )
}
