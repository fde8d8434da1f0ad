import { PauseCircleOutlined } from '@ant-design/icons'
import type { Task } from '../api/types'
import { useWords } from '../i18n'
import { Remaining, useZone } from './Time'
import { instantFull } from './time'

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
