import { useComplaints } from '../../api/records'
import { useWords } from '../../i18n'
import { RecordList } from './RecordList'
import type { ViewProps } from './RecordsPage'

const colours: Record<string, string> = { open: 'tag tag-red', answered: 'tag tag-amber' }

/** What customers are not content with, and how far it has come. */
export function Complaints({ query, onChange }: ViewProps) {
  const { t, code } = useWords()
  const { warehouse: _, ...asked } = query
  return (
    <RecordList
      view="complaints"
      query={asked}
      pages={useComplaints(asked)}
      keyOf={row => `${row.number}:${row.id}`}
      states={{ all: ['open', 'answered', 'closed'], word: state => code('complaint_state', state) }}
      own={[
        { key: 'kind', title: t('complaint.kind'), cell: row => code('complaint_kind', row.kind) },
        { key: 'text', title: t('complaint.text'), cell: row => row.text },
        {
          key: 'state',
          title: t('col.status'),
          cell: row => (
            <span className={colours[row.state] ?? 'tag tag-green'}>
              {code('complaint_state', row.state)}
            </span>
          ),
        },
      ]}
      onChange={onChange}
    />
  )
}
