import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../../../../i18n'

/** Rows of something, with a button behind each and one below. */
export function Rows<T>({
  id,
  legend,
  rows,
  first,
  readOnly,
  onChange,
  children,
}: {
  id: string
  legend: string
  rows: T[]
  first: T
  readOnly: boolean
  onChange: (rows: T[]) => void
  children: (row: T, put: (row: T) => void, at: number) => ReactNode
}) {
  const { t } = useWords()
  return (
    <fieldset className="items" data-testid={id} data-count={rows.length}>
      <legend>{legend}</legend>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
        <div key={at} className="beside">
          {children(row, next => onChange(rows.map((each, index) => (index === at ? next : each))), at)}
          {!readOnly && (
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('form.remove_row', { n: at + 1 })}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
              data-testid={`${id}.remove:${at}`}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          type="dashed"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => onChange([...rows, first])}
          data-testid={`${id}.add`}
        >
          {t('form.add_row')}
        </Button>
      )}
    </fieldset>
  )
}
