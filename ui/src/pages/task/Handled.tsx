import { useTask } from '../../api/hooks'
import { useWords } from '../../i18n'

/** Somebody else was faster (G7): who, and whether the task was decided or taken. */
export function Handled({ id }: { id: string }) {
  const { t, words } = useWords()
  const { data } = useTask(id, true)
  const decider = data?.decided_by?.name
  const holder = data?.claimed_by?.name
  return (
    <span className="strong" data-testid={`tasks.handled:${id}`}>
      {decider
        ? t('task.handled_by', { who: decider })
        : data?.closed?.by.id
          ? t('task.closed_by', { who: data.closed.by.name, why: words(data.closed.why) })
          : holder && data?.state === 'open'
            ? t('task.claimed_by', { who: holder })
            : t('task.handled')}
    </span>
  )
}
