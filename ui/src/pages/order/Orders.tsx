import { PrinterOutlined } from '@ant-design/icons'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useMe, useOrders } from '../../api/hooks'
import { asProblem } from '../../api/problem'
import type { OrderQuery, OrderRow } from '../../api/types'
import { views } from '../../app/places'
import { SavedViews } from '../../app/SavedViews'
import { useTrail } from '../../app/trail'
import type { Params } from '../../app/viewFilter'
import { useWords } from '../../i18n'
import { useHeld } from '../../table/heldRows'
import { Empty, Failed, Loading, PageFailed } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { useWide } from '../../ui/useWide'
import { choices, more, OrderFilters } from './OrderFilters'
import { OrderTable } from './OrderTable'
import { UrgeBar } from './UrgeBar'

/** On a phone there is no room to tick rows; there the order itself is urged. */
const WIDE_PX = 900

const keyOf = (row: OrderRow) => row.id
const params: Params = {
  view: { values: views, usual: 'all' },
  q: {},
  customer: {},
  ...Object.fromEntries(choices.map(([key, values]) => [key, { values }])),
  ...Object.fromEntries(more.map(key => [key, {}])),
}

export default function Orders() {
  const { t, lang, words } = useWords()
  const navigate = useNavigate()
  const { data: me } = useMe()
  const search = useSearch({ from: '/orders' })
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useOrders(search)
  const items = useMemo(() => data?.pages.flatMap(page => page.items), [data])
  const { held, waiting, show } = useHeld(items, keyOf, JSON.stringify(search))
  useTrail(held.map(({ row }) => row.id))
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const isWide = useWide(WIDE_PX)
  const ticks = isWide && me?.may.includes('comment_orders') && !me.viewer ? { ids, turn } : undefined
  const ticked = held.map(({ row }) => row).filter(row => ids.has(row.id))
  const filtered = Object.entries(search).some(([key, value]) => key !== 'view' && value !== undefined)
  function turn(id: string) {
    setIds(before => {
      const next = new Set(before)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }
  const change = (next: OrderQuery) =>
    navigate({ to: '/orders', search: { ...search, ...next, view: next.view ?? search.view } })
  const clear = () => navigate({ to: '/orders', search: { view: 'all' } })
  if (!data && asProblem(error).status === 403)
    return (
      <PageFailed id="orders" error={error}>
        <Link to="/" data-testid="orders.home">
          {t('nav.workbench')}
        </Link>
      </PageFailed>
    )
  return (
    <div className="page orders" data-testid="orders.page">
      <div className="page-head">
        <h1>{t('nav.orders')}</h1>
        <span className="quiet">
          <PrinterOutlined aria-hidden />{' '}
          <a
            href={`/api/v1/sheets/open-orders?lang=${lang}`}
            target="_blank"
            rel="noopener"
            data-testid="orders.sheet"
          >
            {t('orders.print_open')}
          </a>{' '}
          ·{' '}
          <a
            href={`/api/v1/sheets/blank-order?lang=${lang}`}
            target="_blank"
            rel="noopener"
            data-testid="orders.blank"
          >
            {t('orders.print_blank')}
          </a>
        </span>
        {me?.menu.includes('order_new') && (
          <Button
            className="narrow-only"
            type="primary"
            onClick={() => navigate({ to: '/orders/new' })}
            data-testid="orders.new"
          >
            {t('nav.order_new')}
          </Button>
        )}
      </div>
      <SavedViews page="orders" params={params} tab="view" search={search}>
        <TabBar
          id="orders.view"
          label={t('orders.views')}
          value={search.view}
          options={views.map(key => ({ key, text: t(`view.${key}`) }))}
          onChange={view => change({ view })}
        />
      </SavedViews>
      {me?.scope && (
        <p className="quiet" data-testid="orders.scope">
          {t('scope.shown', { scope: words(me.scope) })}
        </p>
      )}
      <OrderFilters search={search} onChange={change} onClear={filtered ? clear : undefined} />
      {waiting > 0 && (
        <button
          type="button"
          className="pill-new"
          onClick={show}
          data-testid="orders.fresh"
          data-live="order"
        >
          {t('orders.new_rows', { count: waiting })}
        </button>
      )}
      {isPending && <Loading rows={10} />}
      {error && !data && <Failed id="orders" error={error} retry={() => refetch()} />}
      {data && held.length === 0 && (
        <Empty id="orders" text={t(filtered || search.view !== 'all' ? 'orders.none_match' : 'orders.none')}>
          {(filtered || search.view !== 'all') && (
            <Button onClick={clear} data-testid="orders.clear_empty">
              {t('action.clear_filter')}
            </Button>
          )}
        </Empty>
      )}
      {ticks && ids.size > 0 && <UrgeBar rows={ticked} onNone={() => setIds(new Set())} />}
      {held.length > 0 && <OrderTable rows={held} ticks={ticks} />}
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => fetchNextPage()} data-testid="orders.more">
          {t('action.load_more')}
        </Button>
      )}
    </div>
  )
}
