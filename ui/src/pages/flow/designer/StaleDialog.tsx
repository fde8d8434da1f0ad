import { Button, Modal } from 'antd'
import type { Draft } from '../../../api/flows'
import { changes } from '../../../flow/changes'
import type { FlowDoc } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { When } from '../../../ui/Time'

/** Somebody else saved the draft meanwhile: what differs, and the choice between both. Nothing is overwritten unasked. */
export function StaleDialog({
  mine,
  theirs,
  locked,
  onSettle,
}: {
  mine: FlowDoc
  theirs: Draft
  locked: boolean
  onSettle: (mine: boolean) => void
}) {
  const { t, words } = useWords()
  const found = changes(theirs.doc, mine)
  return (
    <Modal
      open
      closable={false}
      title={t('design.stale_title', { who: theirs.editor ?? '' })}
      footer={
        <>
          <Button onClick={() => onSettle(false)} data-testid="design.stale.theirs">
            {t('design.stale_theirs')}
          </Button>
          {!locked && (
            <Button type="primary" onClick={() => onSettle(true)} data-testid="design.stale.mine">
              {t('design.stale_mine')}
            </Button>
          )}
        </>
      }
    >
      <p>
        {t(locked ? 'design.stale_locked' : 'design.stale_text')} <When at={theirs.edited_at} />
      </p>
      <ul className="prose" data-testid="design.stale" data-count={found.length}>
        {found.map(each => (
          <li key={`${each.kind}:${each.id}`}>
            {t(`design.stale_${each.kind}`, { name: words(each.name) })}
          </li>
        ))}
        {found.length === 0 && <li>{t('design.stale_same')}</li>}
      </ul>
    </Modal>
  )
}
