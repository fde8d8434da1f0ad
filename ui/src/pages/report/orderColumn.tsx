import { Link } from '@tanstack/react-router'
import type { Column } from '../../table/DataTable'

/** Which order a row is about, and the way there. */
export const orderColumn = <Row extends { order_id: string; number: string }>(
  title: string,
): Column<Row> => ({
  key: 'number',
  title,
  cell: row => (
    <Link to="/orders/$id" params={{ id: row.order_id }}>
      {row.number}
    </Link>
  ),
})
