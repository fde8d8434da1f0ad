import { Link } from '@tanstack/react-router'
import { useMe } from '../../api/hooks'
import { Problem } from '../../api/problem'
import { OrderEntry } from '../../forms/order/OrderEntry'
import { useWords } from '../../i18n'
import { Loading, PageFailed } from '../../ui/states'

export default function NewOrder() {
  const { t } = useWords()
  const { data: me } = useMe()
  if (!me) return <Loading />
  if (me.menu.includes('order_new')) return <OrderEntry me={me} />
  return (
    <PageFailed id="entry" error={new Problem(403, { detail: t('entry.forbidden') })}>
      <Link to="/" data-testid="entry.home">
        {t('nav.workbench')}
      </Link>
    </PageFailed>
  )
}
