import type { RecordQuery } from '../../api/records'
import { recordViews } from '../../app/places'
import { among, text } from '../../app/search'
import type { RecordSearch } from './RecordsPage'

const names = ['q', 'customer', 'from', 'to', 'state', 'warehouse'] as const

/** Which list of records is shown, and what it is asked for, by its address. */
export const recordSearch = (search: Partial<RecordSearch>): RecordSearch => ({
  view: among(search.view, recordViews, 'shipments'),
  ...(Object.fromEntries(names.map(name => [name, text(search[name])])) as RecordQuery),
})
