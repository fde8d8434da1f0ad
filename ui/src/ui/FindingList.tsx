import type { ReactNode } from 'react'
import type { Finding } from '../api/types'
import { useWords } from '../i18n'
import { SeverityTag } from './Tags'
import { When } from './Time'

/** What the checks said: what, why, how to mend, who mends; accepted ones with their reason. */
export function FindingList({
  findings,
  id,
  render,
}: {
  findings: Finding[]
  id: string
  render?: (finding: Finding) => ReactNode
}) {
  const { t, words, code } = useWords()
  return (
    <ul className="findings" data-count={findings.length} data-testid={`${id}.findings`}>
      {findings.map(finding => (
        <li key={finding.id} className={`finding finding-${finding.severity}`} data-code={finding.code}>
          <div className="finding-head">
            <SeverityTag severity={finding.severity} />
            <span className="strong">{words(finding.message)}</span>
          </div>
          <div className="quiet">
            {words(finding.how)}
            {finding.mend_by.kind === 'department' && finding.mend_by.department && (
              <> · {t('finding.mend_by', { who: code('department', finding.mend_by.department) })}</>
            )}
          </div>
          {finding.accepted && (
            <div className="finding-accepted">
              {t('finding.accepted', { who: finding.accepted.by.name, reason: finding.accepted.reason })}{' '}
              <When at={finding.accepted.at} />
            </div>
          )}
          {render?.(finding)}
        </li>
      ))}
    </ul>
  )
}
