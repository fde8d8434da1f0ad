import { Checkbox } from 'antd'
import type { Dispatch } from 'react'
import { useWords } from '../../i18n'
import { TextField } from '../TextField'
import type { Draft, DraftAction } from './draft'

/** For an order that was taken on paper while the system was away. */
export function EnteredLater({ draft, dispatch }: { draft: Draft; dispatch: Dispatch<DraftAction> }) {
  const { t, code } = useWords()
  const { later } = draft
  return (
    <section className="card form-card" aria-label={t('entry.later')}>
      <Checkbox
        checked={later !== undefined}
        onChange={event =>
          dispatch({ kind: 'later', later: event.target.checked ? { at: '', reason: '' } : undefined })
        }
        data-testid="entry.later"
      >
        {t('entry.later')}
      </Checkbox>
      {later && (
        <div className="form-grid">
          <TextField
            type="datetime-local"
            label={code('field', 'entered_later.received_at')}
            value={later.at}
            onChange={at => dispatch({ kind: 'later', later: { ...later, at } })}
            id="entry.later_at"
          />
          <TextField
            label={code('field', 'entered_later.reason')}
            value={later.reason}
            onChange={reason => dispatch({ kind: 'later', later: { ...later, reason } })}
            id="entry.later_reason"
          />
        </div>
      )}
    </section>
  )
}
