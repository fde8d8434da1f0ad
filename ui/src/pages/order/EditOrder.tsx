import { Link, useParams } from '@tanstack/react-router'
import { useMe, useOrder } from '../../api/hooks'
import { OrderEntry } from '../../forms/order/OrderEntry'
import { useWords } from '../../i18n'
import { actionOf } from '../../ui/ActionButton'
import { Empty, Loading, PageFailed } from '../../ui/states'

export default function EditOrder() {
  const { t } = useWords()
  const { id } = useParams({ from: '/orders/$id/edit' })
  const { data: me } = useMe()
  const { data: order, error, isPending, refetch } = useOrder(id)
  if (isPending || !me) return <Loading rows={12} />
  if (!order)
    return (
      <PageFailed id="entry" error={error} retry={() => refetch()} missing={t('order.not_found')}>
        <Link to="/orders" data-testid="entry.all">
          {t('workbench.all_orders')}
        </Link>
      </PageFailed>
    )
  const edit = actionOf(order.actions, 'edit')
  if (!edit?.allowed)
    return (
      <Empty id="entry" text={t('entry.not_editable', { number: order.number })}>
        <Link to="/orders/$id" params={{ id }} data-testid="entry.open">
          {order.number}
        </Link>
      </Empty>
    )
  return <OrderEntry key={order.id} me={me} order={order} />
}
