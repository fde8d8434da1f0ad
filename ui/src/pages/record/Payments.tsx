import { usePayments } from '../../api/records'
import type { ListedPayment } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { RecordList } from './RecordList'
import type { ViewProps } from './RecordsPage'

/** What of a payment was taken out of the books again. */
function Reversed({ row }: { row: ListedPayment }) {
  const none = !row.reversed || Number(row.reversed) === 0
  return <Money value={none ? undefined : `-${row.reversed}`} currency={row.currency} />
}

/** Money that came in, and what is left of it. */
export function Payments({ query, onChange }: ViewProps) {
  const { t, code } = useWords()
  const { warehouse: _, ...asked } = query
  return (
    <RecordList
      view="payments"
      query={asked}
      pages={usePayments(asked)}
      keyOf={row => `${row.number}:${row.id}`}
      states={{ all: ['received', 'carried'], word: state => code('payment_state', state) }}
      own={[
        {
          key: 'reference',
          title: t('account.reference'),
          cell: row => row.reference,
        },
        {
          key: 'amount',
          title: t('records.paid'),
          right: true,
          cell: row => <Money value={row.amount} currency={row.currency} />,
        },
        {
          key: 'reversed',
          title: t('records.reversed'),
          right: true,
          cell: row => <Reversed row={row} />,
        },
        {
          key: 'left',
          title: t('records.left'),
          right: true,
          cell: row => <Money value={row.left} currency={row.currency} strong />,
        },
        {
          key: 'method',
          title: t('account.method'),
          cell: row =>
            row.state === 'carried' ? (
              <span className="tag tag-blue">{code('payment_state', 'carried')}</span>
            ) : (
              code('payment_method', row.method ?? '')
            ),
        },
      ]}
      onChange={onChange}
    />
  )
}
