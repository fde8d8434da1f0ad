import type { Order } from '../../api/types'
import { useWords } from '../../i18n'

/** Until when goods stay reserved while nobody decides, or that they are let go. */
export function Reservation({ promise }: { promise: Order['promise'] }) {
  const { t } = useWords()
  if (promise.expired_at)
    return (
      <span className="tag tag-amber" data-testid="order.reservation">
        {t('reservation.expired', { at: promise.expired_at.slice(5, 16).replace('T', ' ') })}
      </span>
    )
  if (!promise.reserved_until) return null
  return (
    <span className="tag tag-blue" data-testid="order.reservation">
      {t('reservation.until', { at: promise.reserved_until.slice(5, 16).replace('T', ' ') })}
    </span>
  )
}
