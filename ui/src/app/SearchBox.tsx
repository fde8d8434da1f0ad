import { SearchOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { findOrders } from '../api/hooks'
import type { OrderRow } from '../api/types'
import { Typeahead } from '../forms/Typeahead'
import { useWords } from '../i18n'
import { StatusTag } from '../ui/Tags'
import { useKeys } from './keys'

/** Finds one order by number, customer or PO; Enter without a choice opens the list of all that match. */
export function SearchBox() {
  const { t } = useWords()
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  useKeys({ 'mod+k': () => box.current?.querySelector('input')?.focus() })
  const leave = () => box.current?.querySelector('input')?.blur()
  return (
    <div className="search" ref={box}>
      <SearchOutlined aria-hidden className="search-icon" />
      <Typeahead<OrderRow>
        id="header.search"
        label={t('search.label')}
        placeholder={t('search.placeholder')}
        value=""
        clearOnPick
        find={findOrders}
        keyOf={row => row.number}
        render={row => (
          <span className="search-row">
            <span className="strong">{row.number}</span> <span>{row.customer_name}</span>{' '}
            <StatusTag status={row.status} />
          </span>
        )}
        onPick={row => {
          leave()
          void navigate({ to: '/orders/$id', params: { id: row.id } })
        }}
        onFree={q => {
          leave()
          void navigate({ to: '/orders', search: { view: 'all', q: q || undefined } })
        }}
        inputProps={{ 'data-global-search': '' } as object}
      />
      <kbd className="search-hint">Ctrl K</kbd>
    </div>
  )
}
