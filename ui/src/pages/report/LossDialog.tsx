import { Radio } from 'antd'
import { useState } from 'react'
import { type OrderFact, useExplainLoss } from '../../api/report'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { SHIPPED_REASONS } from '../../ui/codes'

/** That an order was merged into another one is not for people to say. */
const reasons = SHIPPED_REASONS.filter(code => code !== 'merged')

/** Puts right, once, why an order was lost. */
export function LossDialog({ order, onClose }: { order: OrderFact; onClose: () => void }) {
  const { t } = useWords()
  const [reason, setReason] = useState(order.lost_reason?.code)
  const write = useExplainLoss()
  return (
    <FormDialog
      id="report.loss"
      title={t('report.loss_of', { number: order.number })}
      okText={t('action.save')}
      ready={Boolean(reason)}
      write={write}
      shown={['reason_code']}
      onSend={() => write.mutate({ id: order.order_id, reason_code: reason ?? '' }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p className="quiet">{t('report.loss_once')}</p>
      <Radio.Group
        className="stack"
        aria-label={t('report.reason')}
        value={reason}
        onChange={event => setReason(event.target.value)}
        options={reasons.map(value => ({
          value,
          label: <span data-testid={`report.loss:${value}`}>{t(`loss_reason.${value}`)}</span>,
        }))}
      />
    </FormDialog>
  )
}
