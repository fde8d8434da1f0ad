import { Modal, Radio } from 'antd'
import { useState } from 'react'
import { useWords } from '../../i18n'
import type { Draft } from './draft'
import { type Clash, clashes, type MergeField, merged } from './merge'

/** Somebody saved this order in the meantime: per field, mine or theirs. */
export function ConflictDialog({
  base,
  mine,
  theirs,
  onMerge,
  onClose,
}: {
  base: Draft
  mine: Draft
  theirs: Draft
  onMerge: (draft: Draft) => void
  onClose: () => void
}) {
  const { t, code } = useWords()
  const [choice, setChoice] = useState<Partial<Record<MergeField, 'mine' | 'theirs'>>>({})
  const rows = clashes(base, mine, theirs)
  const nameOf = (clash: Clash) => (clash.field === 'lines' ? t('entry.lines') : code('field', clash.field))
  return (
    <Modal
      open
      width={720}
      title={t('conflict.title')}
      okText={t('conflict.take')}
      cancelText={t('action.back')}
      onOk={() => onMerge(merged(base, mine, theirs, choice))}
      onCancel={onClose}
      okButtonProps={{ 'data-testid': 'entry.merge' } as never}
    >
      <p>{t(rows.length ? 'conflict.choose' : 'conflict.both')}</p>
      <div data-testid="entry.conflict" data-count={rows.length}>
        {rows.map(clash => (
          <fieldset key={clash.field} className="clash">
            <legend>{nameOf(clash)}</legend>
            <Radio.Group
              value={choice[clash.field] ?? 'mine'}
              onChange={event => setChoice({ ...choice, [clash.field]: event.target.value })}
            >
              <Radio value="mine" data-testid={`entry.mine:${clash.field}`}>
                {t('conflict.mine')} <span className="clash-value">{clash.mine || '–'}</span>
              </Radio>
              <Radio value="theirs" data-testid={`entry.theirs:${clash.field}`}>
                {t('conflict.theirs')} <span className="clash-value">{clash.theirs || '–'}</span>
              </Radio>
            </Radio.Group>
          </fieldset>
        ))}
      </div>
    </Modal>
  )
}
