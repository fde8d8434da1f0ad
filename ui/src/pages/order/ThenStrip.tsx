import { Link } from '@tanstack/react-router'
import type { Tab } from '../../app/places'
import { useWords } from '../../i18n'
import { useZone } from '../../ui/Time'
import { instantFull } from '../../ui/time'

/** Says that the order is shown as it was, and leads back to how it is. */
export function ThenStrip({ id, at, tab }: { id: string; at: string; tab: Tab }) {
  const { t } = useWords()
  const zone = useZone()
  return (
    <div className="strip then-strip" role="status" data-testid="order.then" data-at={at}>
      <span className="strong">{t('order.then', { at: instantFull(Date.parse(at), zone) })}</span>
      <span>{t('order.then_about')}</span>
      <Link
        to="/orders/$id"
        params={{ id }}
        search={{ tab }}
        className="no-print strong"
        data-testid="order.then.back"
      >
        {t('order.then_back')}
      </Link>
    </div>
  )
}
