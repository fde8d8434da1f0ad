import { CheckOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useOrderVerb, useReadNotices } from '../../api/hooks'
import type { Order } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { actionOf } from '../../ui/ActionButton'
import { Refusal } from '../../ui/states'

/** Says that whoever was put in copy of an order has read it; where a receipt was asked for, it is given. */
export function CopyRead({ order, onDone }: { order: Order | undefined; onDone: () => void }) {
  const { t } = useWords()
  const read = useReadNotices()
  const verb = useOrderVerb(order?.id ?? '')
  const done = async () => {
    if (!order || read.isPending || verb.isPending) return
    if (actionOf(order.actions, 'acknowledge')?.allowed)
      await verb.mutateAsync({ verb: 'acknowledge', reason: '' })
    await read.mutateAsync({ copies_of: order.id })
    onDone()
  }
  // What went wrong is shown beside the button.
  const press = () => void done().catch(() => undefined)
  useKeys({ a: press })
  return (
    <section className="decision" aria-label={t('queue.cc')} data-testid="task.copy">
      <div className="decision-buttons">
        <Button
          type="primary"
          icon={<CheckOutlined aria-hidden />}
          disabled={!order}
          loading={read.isPending || verb.isPending}
          onClick={press}
          data-testid="task.copy_read"
        >
          {t('task.copy_read')}
        </Button>
      </div>
      <Refusal id="task.copy" error={verb.error ?? read.error} />
    </section>
  )
}
