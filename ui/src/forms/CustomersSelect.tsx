import { Select } from 'antd'
import { useState } from 'react'
import { useCustomers } from '../api/master'

/** Chooses customers by code or name. */
export function CustomersSelect({
  id,
  label,
  placeholder,
  value,
  onChange,
}: {
  id: string
  label: string
  placeholder: string
  value: string[]
  onChange: (codes: string[]) => void
}) {
  const [q, setQ] = useState('')
  const found = useCustomers(q || undefined)
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder={placeholder}
      showSearch={{ filterOption: false, onSearch: setQ }}
      value={value}
      onChange={onChange}
      options={found.rows?.map(each => ({ value: each.code, label: `${each.code} ${each.name}` }))}
      data-testid={id}
    />
  )
}
