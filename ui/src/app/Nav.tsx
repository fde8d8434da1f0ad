import {
  AccountBookOutlined,
  AuditOutlined,
  BarChartOutlined,
  BookOutlined,
  BranchesOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  DatabaseOutlined,
  DiffOutlined,
  FileAddOutlined,
  FileDoneOutlined,
  FormOutlined,
  HeartOutlined,
  HomeOutlined,
  InboxOutlined,
  MessageOutlined,
  MoreOutlined,
  NotificationOutlined,
  ProfileOutlined,
  SwapOutlined,
  TeamOutlined,
  UserDeleteOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { Link, useLocation } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { type ComponentType, useEffect, useState } from 'react'
import { useMe } from '../api/hooks'
import { useWords } from '../i18n'

interface Entry {
  key: string
  to: string
  Icon: ComponentType
}

/** In the order of the menu; the server says which of them a person has. */
const entries: Entry[] = [
  { key: 'workbench', to: '/', Icon: HomeOutlined },
  { key: 'tasks', to: '/tasks', Icon: CheckSquareOutlined },
  { key: 'orders', to: '/orders', Icon: ProfileOutlined },
  { key: 'order_new', to: '/orders/new', Icon: FileAddOutlined },
  { key: 'intake', to: '/orders/intake', Icon: InboxOutlined },
  { key: 'changes', to: '/changes', Icon: DiffOutlined },
  { key: 'exceptions', to: '/exceptions', Icon: WarningOutlined },
  { key: 'stock', to: '/stock', Icon: DatabaseOutlined },
  { key: 'receivables', to: '/receivables', Icon: AccountBookOutlined },
  { key: 'records', to: '/records', Icon: FileDoneOutlined },
  { key: 'reports', to: '/reports', Icon: BarChartOutlined },
  { key: 'master', to: '/master', Icon: BookOutlined },
  { key: 'flows', to: '/automation/flows', Icon: BranchesOutlined },
  { key: 'form', to: '/automation/form', Icon: FormOutlined },
  { key: 'notice_texts', to: '/automation/notices', Icon: NotificationOutlined },
  { key: 'calendars', to: '/automation/calendars', Icon: CalendarOutlined },
  { key: 'feedback', to: '/feedback', Icon: MessageOutlined },
  { key: 'self_checks', to: '/checks', Icon: HeartOutlined },
  { key: 'audit', to: '/audit', Icon: AuditOutlined },
  { key: 'users', to: '/settings/users', Icon: TeamOutlined },
  { key: 'absence', to: '/settings/absence', Icon: SwapOutlined },
  { key: 'leavers', to: '/settings/leavers', Icon: UserDeleteOutlined },
]

/** On a phone these stand in the bar, the rest behind "more". */
const IN_BAR = 4

function NavLink({ entry: { key, to, Icon } }: { entry: Entry }) {
  const { t } = useWords()
  const { data: me } = useMe()
  return (
    <Link
      to={to}
      className="nav-entry"
      activeOptions={{ exact: true, includeSearch: false }}
      activeProps={{ className: 'nav-entry active' }}
      data-testid={`nav.entry:${key}`}
    >
      <span className="nav-icon">
        <Icon aria-hidden />
      </span>
      <span className="nav-text">{t(`nav.${key}`)}</span>
      {key === 'tasks' && Boolean(me?.counts.tasks) && (
        <span
          className={me?.counts.overdue ? 'count count-late' : 'count'}
          data-live="task"
          data-testid="nav.count:tasks"
        >
          {me?.counts.tasks}
        </span>
      )}
    </Link>
  )
}

function More({ rest }: { rest: Entry[] }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const place = useLocation({ select: location => location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setOpen(false), [place])
  return (
    <>
      <button
        type="button"
        className="nav-entry nav-more"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        data-testid="nav.more"
      >
        <span className="nav-icon">
          <MoreOutlined aria-hidden />
        </span>
        <span className="nav-text">{t('nav.more')}</span>
      </button>
      <Drawer
        open={open}
        placement="bottom"
        size="auto"
        title={t('nav.more')}
        onClose={() => setOpen(false)}
        className="nav-drawer"
      >
        {rest.map(({ key, to, Icon }) => (
          <Link key={key} to={to} className="nav-drawer-entry" data-testid={`nav.more:${key}`}>
            <Icon aria-hidden /> {t(`nav.${key}`)}
          </Link>
        ))}
      </Drawer>
    </>
  )
}

export function Nav() {
  const { t } = useWords()
  const { data: me } = useMe()
  const shown = entries.filter(entry => me?.menu.includes(entry.key))
  return (
    <nav className="nav" aria-label={t('nav.label')} data-count={shown.length}>
      {shown.map((entry, i) => (
        <span key={entry.key} className={i < IN_BAR ? 'nav-slot' : 'nav-slot wide-only'}>
          <NavLink entry={entry} />
        </span>
      ))}
      {shown.length > IN_BAR && <More rest={shown.slice(IN_BAR)} />}
    </nav>
  )
}
