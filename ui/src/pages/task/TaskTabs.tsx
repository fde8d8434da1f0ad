import { useNavigate } from '@tanstack/react-router'
import { useMay } from '../../api/admin'
import type { TaskPage } from '../../api/types'
import { queues, type TaskPlace } from '../../app/places'
import { useWords } from '../../i18n'
import { TabBar } from '../../ui/TabBar'

/** The queues; shortages for those who order and plan goods. */
export function TaskTabs({
  value,
  counts,
  onLeave,
}: {
  value: TaskPlace
  counts: TaskPage['counts'] | undefined
  onLeave?: () => void
}) {
  const { t } = useWords()
  const navigate = useNavigate()
  const buys = useMay()('write_purchases')
  const shown: TaskPlace[] = buys ? [...queues, 'shortages'] : [...queues]
  return (
    <TabBar
      id="tasks.tab"
      label={t('nav.tasks')}
      value={value}
      options={shown.map(key => ({ key, text: t(`queue.${key}`), count: counts?.[key] }))}
      onChange={key => {
        onLeave?.()
        void navigate({ to: '/tasks', search: { queue: key } })
      }}
    />
  )
}
