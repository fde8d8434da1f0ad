import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/admin'
import type { TaskPage } from '../../api/types'
import { queues, type TaskPlace, taskPlaces } from '../../app/places'
import { SavedViews } from '../../app/SavedViews'
import type { Params } from '../../app/viewFilter'
import { useWords } from '../../i18n'
import { TabBar } from '../../ui/TabBar'
import { filterOf, filters } from './filter'

const params: Params = {
  queue: { values: taskPlaces, usual: 'mine' },
  ...Object.fromEntries(filters.map(key => [key, {}])),
}

/** The queues, each with what is asked for, and the person's own views; shortages for those who order and plan goods. */
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
  const search = useSearch({ from: '/tasks' })
  const buys = useMay()('write_purchases')
  // Few people stand behind others, and seldom is there something for them.
  const own = queues.filter(key => key !== 'standby' || key === value || counts?.[key])
  const shown: TaskPlace[] = buys ? [...own, 'shortages'] : own
  return (
    <SavedViews page="tasks" params={params} tab="queue" search={search} onLeave={onLeave}>
      <TabBar
        id="tasks.tab"
        label={t('nav.tasks')}
        value={value}
        options={shown.map(key => ({ key, text: t(`queue.${key}`), count: counts?.[key] }))}
        onChange={key => {
          onLeave?.()
          void navigate({
            to: '/tasks',
            search: key === 'shortages' ? { queue: key } : { ...filterOf(search), queue: key },
          })
        }}
      />
    </SavedViews>
  )
}
