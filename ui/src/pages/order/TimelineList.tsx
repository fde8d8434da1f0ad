import { RobotOutlined, UserOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import type { TimelineItem } from '../../api/types'
import { useWords } from '../../i18n'
import { Differences } from '../../ui/Differences'
import { When } from '../../ui/Time'
import { type Fold, folded } from './fold'

function Event({ item, order }: { item: TimelineItem; order?: string }) {
  const { t, words, code, system } = useWords()
  const person = item.actor.kind === 'person'
  const who = person ? item.actor.name : `${code('actor', item.actor.kind)} · ${system(item.actor.name)}`
  return (
    <li className="event" data-testid={`timeline.event:${item.seq}`} data-action={item.action}>
      <span className={person ? 'event-mark event-person' : 'event-mark'}>
        {person ? <UserOutlined aria-hidden /> : <RobotOutlined aria-hidden />}
      </span>
      <div className="event-body">
        <div>
          <span className="strong">{words(item.title)}</span>{' '}
          <span className="quiet">
            {who}
            {item.actor.on_behalf && ` ${t('timeline.on_behalf', { who: words(item.actor.on_behalf) })}`} ·{' '}
            <When at={item.at} />
          </span>{' '}
          {order && (
            <Link
              to="/orders/$id"
              params={{ id: order }}
              search={{ tab: 'overview', as_of: item.at }}
              className="event-then no-print"
              title={t('timeline.then_about')}
              data-testid={`timeline.then:${item.seq}`}
            >
              {t('timeline.then')}
            </Link>
          )}
        </div>
        {item.reason && <p className="event-reason">{t('timeline.reason', { text: item.reason })}</p>}
        {item.changes.length > 0 && <Differences of={item.changes} />}
        {item.details.map((detail, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: details have no identity and never move
          <p key={i} className="quiet">
            {words(detail)}
          </p>
        ))}
      </div>
    </li>
  )
}

function Folded({ fold, order }: { fold: Fold; order?: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  if (open || fold.items.length === 1)
    return fold.items.map(item => <Event key={item.seq} item={item} order={order} />)
  const first = fold.items[0]
  return (
    <li className="event">
      <span className="event-mark">
        <RobotOutlined aria-hidden />
      </span>
      <div className="event-body">
        <Button
          type="link"
          size="small"
          onClick={() => setOpen(true)}
          data-testid={`timeline.unfold:${first?.seq}`}
        >
          {t('timeline.folded', { count: fold.items.length })}
        </Button>
      </div>
    </li>
  )
}

/** Newest first: who, what, when, before and after, reason. Runs of machine events are folded, if not `unfolded`. */
export function TimelineList({
  items,
  id,
  order,
  unfolded,
}: {
  items: TimelineItem[]
  id: string
  /** With it, each event leads to the order as it was then. */
  order?: string
  unfolded?: boolean
}) {
  const folds = unfolded ? items.map(item => ({ items: [item] })) : folded(items)
  return (
    <ol className="timeline" data-testid={`${id}.timeline`} data-count={items.length} data-live="order">
      {folds.map(fold => (
        <Folded key={fold.items[0]?.seq} fold={fold} order={order} />
      ))}
    </ol>
  )
}
