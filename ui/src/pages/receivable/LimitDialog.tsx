import { useGrantLimit } from '../../api/master'
import type { CustomerCredit } from '../../api/types'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** Lets a customer owe more for a time, for a reason; empty amount and day end it. */
export function LimitDialog({
  customer,
  credit,
  onClose,
}: {
  customer: string
  credit: CustomerCredit
  onClose: () => void
}) {
  const { t } = useWords()
  const write = useGrantLimit(customer)
  return (
    <RecordDialog
      id="credit.grant"
      title={t('credit.grant_title', { customer })}
      okText={t('action.record')}
      fields={[
        { name: 'limit', label: t('credit.grant_limit', { currency: credit.currency }), kind: 'decimal' },
        { name: 'until', label: t('credit.grant_until'), kind: 'date' },
        { name: 'reason', label: t('task.reason'), kind: 'area', required: true },
      ]}
      initial={{ limit: credit.temporary_limit ?? '', until: credit.temporary_limit_until ?? '' }}
      write={write}
      onSend={({ limit, until, reason }) =>
        write.mutate(
          { limit: limit || null, until: until || null, reason: reason ?? '' },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <p className="quiet">{t('credit.grant_text')}</p>
    </RecordDialog>
  )
}
