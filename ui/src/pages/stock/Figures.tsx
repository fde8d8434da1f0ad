import { ClockCircleOutlined, WarningOutlined } from '@ant-design/icons'
import type { Stock } from '../../api/types'
import { useWords } from '../../i18n'
import { Quantity } from '../../ui/Money'
import { groupDigits } from '../../ui/money'
import { Tag } from '../../ui/Tags'
import { When } from '../../ui/Time'

/** What can still be given from a place, and whether that is below what people want to be told of. */
export function Available({ row }: { row: Stock }) {
  const { t } = useWords()
  return (
    <>
      {row.low && (
        <>
          <Tag
            look={['red', WarningOutlined]}
            text={t('stock.low', { level: groupDigits(row.reorder) })}
          />{' '}
        </>
      )}
      <span className={row.low || Number(row.available) < 0 ? 'num strong ink-red' : 'num strong'}>
        {groupDigits(row.available)}
      </span>
    </>
  )
}

/** When a figure was counted; old ones say so. */
export function Counted({ row }: { row: Stock }) {
  const { t } = useWords()
  return (
    <>
      <When at={row.as_of} />{' '}
      {row.stale && (
        <Tag look={['amber', ClockCircleOutlined]} text={t('stock.stale', { hours: row.age_hours })} />
      )}
    </>
  )
}

/** A quantity that is mostly none. */
export const Rarely = ({ value }: { value: string }) => <Quantity value={Number(value) ? value : null} />
