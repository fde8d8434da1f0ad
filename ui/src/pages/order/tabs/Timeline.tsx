import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useEffect } from 'react'
import { useTimeline } from '../../../api/hooks'
import { usePast } from '../../../api/past'
import type { Order } from '../../../api/types'
import { eventKinds } from '../../../app/places'
import { useWords } from '../../../i18n'
import { Empty, Failed, Loading } from '../../../ui/states'
import { kindOf } from '../eventKind'
import { TimelineList } from '../TimelineList'

export function Timeline({ order }: { order: Order }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { as_of, events } = useSearch({ from: '/orders/$id' })
  const past = usePast()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTimeline(
    order.id,
  )
  // What is looked for may lie pages further on: a story of which parts are left out is read to its end.
  const seeks = Boolean(events || past) && hasNextPage && !isFetchingNextPage && !error
  useEffect(() => {
    if (seeks) void fetchNextPage()
  }, [seeks, fetchNextPage])
  if (isPending) return <Loading />
  if (!data) return <Failed id="order.timeline" error={error} retry={() => refetch()} />
  const all = data.pages.flatMap(page => page.items)
  const items = events ? all.filter(item => kindOf(item) === events) : all
  return (
    <>
      <Select
        allowClear
        className="timeline-kinds no-print"
        aria-label={t('timeline.kind')}
        placeholder={t('timeline.all_kinds')}
        value={events}
        onChange={kind =>
          navigate({
            to: '/orders/$id',
            params: { id: order.id },
            search: { tab: 'timeline', as_of, events: kind },
            replace: true,
            resetScroll: false,
          })
        }
        options={eventKinds.map(value => ({ value, label: t(`event_kind.${value}`) }))}
        data-testid="order.timeline.kind"
      />
      {items.length > 0 ? (
        <TimelineList items={items} id="order" order={order.id} unfolded={events === 'system'} />
      ) : (
        !hasNextPage && (
          <Empty id="order.timeline" text={t(events ? 'timeline.none_of_kind' : 'timeline.none')} />
        )
      )}
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
