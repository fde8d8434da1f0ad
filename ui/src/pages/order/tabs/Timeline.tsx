import { Button } from 'antd'
import { useTimeline } from '../../../api/hooks'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Empty, Failed, Loading } from '../../../ui/states'
import { TimelineList } from '../TimelineList'

export function Timeline({ order }: { order: Order }) {
  const { t } = useWords()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTimeline(
    order.id,
  )
  if (isPending) return <Loading />
  if (!data) return <Failed id="order.timeline" error={error} retry={() => refetch()} />
  const items = data.pages.flatMap(page => page.items)
  if (!items.length) return <Empty id="order.timeline" text={t('timeline.none')} />
  return (
    <>
      <TimelineList items={items} id="order" />
      {hasNextPage && (
        <Button
          loading={isFetchingNextPage}
          onClick={() => fetchNextPage()}
          data-testid="order.timeline_more"
        >
          {t('action.load_more')}
        </Button>
      )}
    </>
  )
}
