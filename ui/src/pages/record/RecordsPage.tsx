import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/admin'
import type { RecordQuery } from '../../api/records'
import { type RecordView, recordViews } from '../../app/places'
import { useWords } from '../../i18n'
import { TabBar } from '../../ui/TabBar'
import { Complaints } from './Complaints'
import { Invoices } from './Invoices'
import { Payments } from './Payments'
import { Shipments } from './Shipments'

export interface RecordSearch extends RecordQuery {
  view: RecordView
}

export interface ViewProps {
  query: RecordQuery
  onChange: (next: RecordQuery) => void
}

const bodies = { shipments: Shipments, invoices: Invoices, payments: Payments, complaints: Complaints }
const ofMoney: RecordView[] = ['invoices', 'payments']

/** What was shipped, billed, paid and complained of, over all orders, the newest first. */
export default function RecordsPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { view, ...query } = useSearch({ from: '/records' })
  const may = useMay()
  const shown = recordViews.filter(each => may('read_receivables') || !ofMoney.includes(each))
  const Body = bodies[view]
  return (
    <div className="page records" data-testid="records.page">
      <h1>{t('nav.records')}</h1>
      <TabBar
        id="records.view"
        label={t('nav.records')}
        value={view}
        options={shown.map(key => ({ key, text: t(`records.view.${key}`) }))}
        onChange={next => {
          // What all lists can be asked for stays.
          const { q, customer, from, to } = query
          return navigate({ to: '/records', search: { view: next, q, customer, from, to } })
        }}
      />
      <Body
        key={view}
        query={query}
        onChange={next =>
          navigate({ from: '/records', to: '/records', search: old => ({ ...old, ...next }) })
        }
      />
    </div>
  )
}
