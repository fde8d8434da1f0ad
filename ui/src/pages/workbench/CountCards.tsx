import { Link, type LinkProps } from '@tanstack/react-router'
import type { WorkbenchData } from '../../api/types'
import { useWords } from '../../i18n'

type Place = Pick<LinkProps, 'to' | 'search'>
type CountKey = keyof WorkbenchData['counts']

/** Every number opens exactly the rows it counts (R9). */
const cards: [key: CountKey, place: Place][] = [
  ['my_open', { to: '/tasks', search: { queue: 'mine' } }],
  ['overdue', { to: '/tasks', search: { queue: 'mine', due: 'overdue' } }],
  ['due_today', { to: '/tasks', search: { queue: 'mine', due: 'today' } }],
  ['confirm_today', { to: '/orders', search: { view: 'today' } }],
  ['incomplete', { to: '/orders', search: { view: 'incomplete' } }],
  ['in_review', { to: '/orders', search: { view: 'all', status: 'in_review' } }],
  ['shortages', { to: '/tasks', search: { queue: 'shortages' } }],
  ['stuck', { to: '/orders', search: { view: 'stuck' } }],
]
const red: CountKey[] = ['overdue', 'stuck', 'shortages']

export function CountCards({ counts, orders }: { counts: WorkbenchData['counts']; orders: boolean }) {
  const { t } = useWords()
  const shown = cards.filter(([key, place]) => counts[key] !== null && (orders || place.to !== '/orders'))
  return (
    <ul className="counts" data-live="counts" data-count={shown.length}>
      {shown.map(([key, place]) => (
        <li key={key}>
          <Link {...place} data-testid={`workbench.count:${key}`}>
            <span className={red.includes(key) && counts[key] ? 'count-number ink-red' : 'count-number'}>
              {counts[key]}
            </span>
            <span className="count-name">{t(`count.${key}`)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
