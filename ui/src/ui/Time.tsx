import {
  ClockCircleOutlined,
  FieldTimeOutlined,
  PauseCircleOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { useMe } from '../api/hooks'
import type { Task } from '../api/types'
import { useWords } from '../i18n'
import { useNow } from './clock'
import { dayIn, durationWords, instantFull, instantWords, urgency, withInstants } from './time'

export function useZone() {
  const { data } = useMe()
  return data?.company.timezone ?? 'Asia/Shanghai'
}

/** What a refusal of the server says, with its times in the zone of the company. */
export function useDetail() {
  const { t } = useWords()
  const zone = useZone()
  return ({ detail, title }: { detail?: string | null; title?: string | null }) =>
    withInstants(detail || title || '', Date.now(), zone, t)
}

export function When({ at }: { at: string | null | undefined }) {
  const { t } = useWords()
  const now = useNow()
  const zone = useZone()
  if (!at) return <span className="quiet">–</span>
  const ms = Date.parse(at)
  return (
    <time dateTime={at} title={instantFull(ms, zone)} className="nowrap">
      {instantWords(ms, Math.max(now, Date.now()), zone, t)}
    </time>
  )
}

/** 已 1 小时 12 分 */
export function Since({ at }: { at: string }) {
  const { t } = useWords()
  const now = useNow()
  const spent = now - Date.parse(at)
  return (
    <span className="nowrap">
      {spent < 60_000 ? t('time.just_now') : t('time.for', { time: durationWords(spent, t) })}
    </span>
  )
}

/** The clock of a task or an order: how much is left, or how much it is over. */
export function Remaining({ due, since }: { due: string | null; since?: string | null }) {
  const { t } = useWords()
  const now = useNow()
  const zone = useZone()
  if (!due) return <span className="quiet">{t('time.no_deadline')}</span>
  const dueMs = Date.parse(due)
  const level = urgency(since ? Date.parse(since) : now, dueMs, now)
  const Icon = level === 'late' ? WarningOutlined : level === 'soon' ? FieldTimeOutlined : ClockCircleOutlined
  const words = durationWords(dueMs - now, t)
  return (
    <span className={`pill pill-${level}`} title={instantFull(dueMs, zone)}>
      <Icon aria-hidden /> {t(level === 'late' ? 'time.over' : 'time.left', { time: words })}
    </span>
  )
}

/** How much time a task has left; while its clock stands still, that it does. */
export function TaskDue({ task }: { task: Pick<Task, 'due_at' | 'opened_at' | 'stands_since'> }) {
  const { t } = useWords()
  const zone = useZone()
  if (!task.stands_since) return <Remaining due={task.due_at} since={task.opened_at} />
  const since = instantFull(Date.parse(task.stands_since), zone)
  return (
    <span className="pill" title={t('time.stands_since', { time: since })}>
      <PauseCircleOutlined aria-hidden /> {t('time.stands')}
    </span>
  )
}

/** A calendar day; `late` says that a day before today is too late. */
export function Day({ date, late }: { date: string | null | undefined; late?: boolean }) {
  const now = useNow()
  const zone = useZone()
  if (!date) return <span className="quiet">–</span>
  const over = late && date < dayIn(now, zone)
  return (
    <time dateTime={date} className={over ? 'num ink-red' : 'num'}>
      {over && <WarningOutlined aria-hidden />} {date}
    </time>
  )
}
