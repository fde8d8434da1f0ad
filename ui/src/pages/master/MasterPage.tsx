import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/admin'
import { type MasterView, masterViews } from '../../app/places'
import { useWords } from '../../i18n'
import { TabBar } from '../../ui/TabBar'
import { Clauses } from './Clauses'
import { Customers } from './Customers'
import { Groups } from './Groups'
import { IssueTypes } from './IssueTypes'
import { Prices } from './Prices'
import { Products } from './Products'
import { Rates } from './Rates'
import { Reasons } from './Reasons'
import { SavedSets } from './SavedSets'
import { Warehouses } from './Warehouses'

export interface MasterSearch {
  view: MasterView
  q?: string
  /** The record that is looked at. */
  code?: string
}
export interface ViewProps {
  search: MasterSearch
  onChange: (next: Partial<MasterSearch>) => void
}

const bodies = {
  customers: Customers,
  products: Products,
  prices: Prices,
  clauses: Clauses,
  warehouses: Warehouses,
  groups: Groups,
  rates: Rates,
  sets: SavedSets,
  reasons: Reasons,
  issues: IssueTypes,
}

/** What orders are made from, and the lists that people choose from while they handle them. */
export default function MasterPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ from: '/master' })
  const may = useMay()
  // What customers owe together is for those who see what they owe.
  const shown = masterViews.filter(view => view !== 'groups' || may('read_receivables'))
  const Body = bodies[search.view]
  return (
    <div className="page master" data-testid="master.page">
      <h1>{t('nav.master')}</h1>
      <TabBar
        id="master.view"
        label={t('nav.master')}
        value={search.view}
        options={shown.map(key => ({ key, text: t(`master.view.${key}`) }))}
        onChange={view => navigate({ to: '/master', search: { view } })}
      />
      <Body
        search={search}
        onChange={next => navigate({ from: '/master', to: '/master', search: old => ({ ...old, ...next }) })}
      />
    </div>
  )
}
