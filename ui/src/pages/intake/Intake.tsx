import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useIntake } from '../../api/admin'
import { useOrders } from '../../api/hooks'
import type { IntakeItem, OrderRow } from '../../api/types'
import { intakeViews } from '../../app/places'
import { useWords } from '../../i18n'
import { CopyCode, Empty, Failed, Loading } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { Since, When } from '../../ui/Time'

function More({ has, busy, onMore }: { has: boolean; busy: boolean; onMore: () => void }) {
  const { t } = useWords()
  if (!has) return null
  return (
    <Button block loading={busy} onClick={onMore} data-testid="intake.more">
      {t('action.load_more')}
    </Button>
  )
}

function Incomplete({ row }: { row: OrderRow }) {
  const { t, words, code } = useWords()
  return (
    <li className="intake-row" data-testid={`intake.order:${row.number}`}>
      <span className="tag tag-grey">{code('channel', row.channel)}</span>
      <Link to="/orders/$id" params={{ id: row.id }} className="strong">
        {row.number}
      </Link>
      <span className="grow clip" title={row.customer_name ?? ''}>
        {row.customer_name ?? row.customer_code ?? t('order.no_customer')}
      </span>
      <span className="quiet">{words(row.waiting?.who)}</span>
      {row.waiting && <Since at={row.waiting.since} />}
      <Link to="/orders/$id/edit" params={{ id: row.id }} data-testid={`intake.fill:${row.number}`}>
        {t('action.fill_in')}
      </Link>
    </li>
  )
}

function IncompleteOrders() {
  const { t } = useWords()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useOrders({
    view: 'incomplete',
  })
  const rows = data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      {isPending && <Loading />}
      {error && !data && <Failed id="intake" error={error} retry={() => refetch()} />}
      {data && rows.length === 0 && <Empty id="intake" text={t('intake.none_incomplete')} />}
      <ul className="card" data-testid="intake.list" data-count={rows.length} data-live="order">
        {rows.map(row => (
          <Incomplete key={row.id} row={row} />
        ))}
      </ul>
      <More has={hasNextPage} busy={isFetchingNextPage} onMore={() => fetchNextPage()} />
    </>
  )
}

function Unreadable({ item }: { item: IntakeItem }) {
  const { t, system } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <li className="intake-item" data-testid={`intake.item:${item.id}`}>
      <div className="intake-row">
        <span className="tag tag-amber">{system(item.door)}</span>
        <span className="grow">{item.detail || item.code}</span>
        <span className="quiet num">{t('intake.size', { size: item.size })}</span>
        <When at={item.at} />
        <Button
          size="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          data-testid={`intake.open:${item.id}`}
        >
          {t(open ? 'action.close' : 'intake.original')}
        </Button>
      </div>
      {open && (
        <div className="audit-details">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{item.head}</pre>
          <CopyCode label={t('intake.hash')} value={item.hash} />
        </div>
      )}
    </li>
  )
}

function UnreadableItems() {
  const { t } = useWords()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useIntake()
  const rows = data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      {isPending && <Loading />}
      {error && !data && <Failed id="intake" error={error} retry={() => refetch()} />}
      {data && rows.length === 0 && <Empty id="intake" text={t('intake.none_unreadable')} />}
      <ul className="card" data-testid="intake.list" data-count={rows.length}>
        {rows.map(item => (
          <Unreadable key={item.id} item={item} />
        ))}
      </ul>
      <More has={hasNextPage} busy={isFetchingNextPage} onMore={() => fetchNextPage()} />
    </>
  )
}

/** What came in and is no order yet: incomplete orders, and what could not be read at all. */
export default function Intake() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { view } = useSearch({ from: '/orders/intake' })
  return (
    <div className="page intake" data-testid="intake.page">
      <h1>{t('nav.intake')}</h1>
      <TabBar
        id="intake.view"
        label={t('nav.intake')}
        value={view}
        options={intakeViews.map(key => ({ key, text: t(`intake.view.${key}`) }))}
        onChange={key => navigate({ to: '/orders/intake', search: { view: key } })}
      />
      {view === 'incomplete' ? <IncompleteOrders /> : <UnreadableItems />}
    </div>
  )
}
