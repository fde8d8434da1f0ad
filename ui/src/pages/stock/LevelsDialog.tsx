import { useLevels } from '../../api/supply'
import type { Stock } from '../../api/types'
import { changed } from '../../forms/faults'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'

/** Freezes stock, keeps safety stock back, and says below what level people are told. */
export function LevelsDialog({ row, onClose }: { row: Stock; onClose: () => void }) {
  const { t } = useWords()
  const write = useLevels()
  const { product, warehouse, frozen, safety, reorder } = row
  const before = { frozen, safety, reorder }
  return (
    <RecordDialog
      id="stock.level"
      title={t('stock.levels_title', { product, warehouse })}
      okText={t('action.save')}
      fields={(['frozen', 'safety', 'reorder'] as const).map(name => ({
        name,
        label: t(`stock.${name}`),
        kind: 'decimal',
      }))}
      initial={before}
      write={write}
      onSend={values =>
        write.mutate({ product, warehouse, ...changed(before, values) }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}
