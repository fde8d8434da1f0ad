import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type QueuedChange, useChangeQueue } from '../../api/changes'
import { changeViews } from '../../app/places'
import { useWords } from '../../i18n'
import { Differences } from '../../ui/Differences'
import { Empty, Failed, Loading } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { When } from '../../ui/Time'

function Item({ change }: { change: QueuedChange }) {
  const { t, code } = useWords()
  return (
    <li data-testid={`changes.item:${change.order_number}/${change.number}`} data-state={change.state}>
      <p className="quiet">
        <span className="tag">{code('change_state', change.state)}</span>{' '}
        <Link
          to="/orders/$id"
          params={{ id: change.order_id }}
          search={{ tab: 'changes' }}
          data-testid={`changes.open:${change.order_number}/${change.number}`}
        >
          {change.order_number}
        </Link>{' '}
        · {code('change_origin', change.origin)} · {change.by.name} · <When at={change.at} />
        {change.due_at && (
          <>
            {' '}
            · {t('changes.due')} <When at={change.due_at} />
          </>
        )}
      </p>
      <p>{change.reason}</p>
      <Differences of={change.differences} />
    </li>
  )
}

/** What was asked of all orders, so that no wish waits unseen; it is taken up on the order itself. */
export default function ChangesPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { view } = useSearch({ from: '/changes' })
  const { data, error, isPending, refetch } = useChangeQueue(view)
  const items = data?.items ?? []
  return (
    <div className="page" data-testid="changes.page">
      <h1>{t('nav.changes')}</h1>
      <TabBar
        id="changes.view"
        label={t('nav.changes')}
        value={view}
        options={changeViews.map(key => ({ key, text: t(`changes.view.${key}`) }))}
        onChange={key => navigate({ to: '/changes', search: { view: key } })}
      />
      {isPending && <Loading />}
      {error && !data && <Failed id="changes" error={error} retry={() => refetch()} />}
      {data && items.length === 0 && <Empty id="changes" text={t('changes.none')} />}
      <ul className="comments" data-testid="changes.list" data-count={items.length} data-live="orders">
        {items.map(change => (
          <Item key={change.id} change={change} />
        ))}
      </ul>
    </div>
  )
}
