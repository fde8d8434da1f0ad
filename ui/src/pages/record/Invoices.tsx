import { useInvoices } from '../../api/records'
import { useWords } from '../../i18n'
import { INVOICE_TONES } from '../../ui/codes'
import { Money } from '../../ui/Money'
import { RecordList } from './RecordList'
import type { ViewProps } from './RecordsPage'

/** Invoices that were issued, and those that are asked for and have no number yet. */
export function Invoices({ query, onChange }: ViewProps) {
  const { t, code } = useWords()
  const { warehouse: _, ...asked } = query
  return (
    <RecordList
      view="invoices"
      query={asked}
      pages={useInvoices(asked)}
      keyOf={row => `${row.number}:${row.id}`}
      states={{ all: ['requested', 'issued', 'corrected'], word: state => code('invoice_state', state) }}
      own={[
        {
          key: 'reference',
          title: t('account.invoice_no'),
          cell: row => row.reference ?? <span className="quiet">{t('records.no_number')}</span>,
        },
        {
          key: 'amount',
          title: t('col.amount'),
          right: true,
          cell: row => <Money value={row.amount} currency={row.currency} />,
        },
        {
          key: 'left',
          title: t('records.left'),
          right: true,
          cell: row => <Money value={row.left} currency={row.currency} strong />,
        },
        {
          key: 'state',
          title: t('col.status'),
          cell: row => (
            <span className={`tag tag-${INVOICE_TONES[row.state] ?? 'grey'}`}>
              {code('invoice_state', row.state)}
            </span>
          ),
        },
      ]}
      onChange={onChange}
    />
  )
}
