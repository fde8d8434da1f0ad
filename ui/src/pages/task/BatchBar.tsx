import { Button } from 'antd'
import { useWords } from '../../i18n'

/** What can be done with the ticked rows. */
export function BatchBar({
  count,
  onAll,
  onNone,
  onApprove,
}: {
  count: number
  onAll: () => void
  onNone: () => void
  onApprove: () => void
}) {
  const { t } = useWords()
  return (
    <div className="batch-bar card" data-testid="tasks.batch" data-count={count}>
      <span className="strong">{t('task.ticked', { count })}</span>
      <Button type="primary" onClick={onApprove} data-testid="tasks.batch.approve">
        {t('task.batch_approve')}
      </Button>
      <Button onClick={onAll} data-testid="tasks.batch.all">
        {t('task.tick_all')}
      </Button>
      <Button onClick={onNone} data-testid="tasks.batch.none">
        {t('task.tick_none')}
      </Button>
    </div>
  )
}
