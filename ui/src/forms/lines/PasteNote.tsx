import { Alert, Button } from 'antd'
import { useWords } from '../../i18n'
import type { CellFault, ColumnLeftOut } from './block'

/** What became of something pasted. */
export type Pasted =
  | { kind: 'nothing'; files: boolean }
  | { kind: 'too_many'; lines: number; most: number }
  | {
      kind: 'rows'
      rows: number
      first: number
      faults: CellFault[]
      leftOut: ColumnLeftOut[]
      /** Until something else is done. */
      undo?: () => void
    }

const NAMED = 12

/** Says what a paste did, cell by cell where something is wrong with it, and takes it back. */
export function PasteNote({ pasted, onClose }: { pasted: Pasted; onClose: () => void }) {
  const { t } = useWords()
  if (pasted.kind !== 'rows')
    return (
      <Alert
        type="error"
        showIcon
        closable={{ onClose }}
        role="alert"
        data-testid="entry.paste"
        data-kind={pasted.kind}
        title={
          pasted.kind === 'too_many'
            ? t('paste.too_many', { lines: pasted.lines, most: pasted.most })
            : t(pasted.files ? 'paste.no_text' : 'paste.empty')
        }
      />
    )
  const { rows, first, faults, leftOut } = pasted
  const named = [
    ...leftOut.map(({ column, text }) => t('paste.left_out', { column, text })),
    ...faults.map(({ row, column, text, kind }) => t(`paste.${kind}`, { row, column, text })),
  ]
  return (
    <Alert
      type={named.length ? 'warning' : 'info'}
      showIcon
      closable={{ onClose }}
      role="status"
      data-testid="entry.paste"
      data-kind="rows"
      data-count={rows}
      title={t('paste.rows', { count: rows, first, last: first + rows - 1 })}
      description={
        named.length > 0 && (
          <ul className="paste-faults" data-testid="entry.paste.faults" data-count={named.length}>
            {named.slice(0, NAMED).map(text => (
              <li key={text}>{text}</li>
            ))}
            {named.length > NAMED && <li>{t('entry.more_problems', { count: named.length - NAMED })}</li>}
          </ul>
        )
      }
      action={
        pasted.undo && (
          <Button size="small" onClick={pasted.undo} data-testid="entry.paste.undo">
            {t('paste.undo')}
          </Button>
        )
      }
    />
  )
}
