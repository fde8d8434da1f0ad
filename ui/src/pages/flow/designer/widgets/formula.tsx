import type { Condition } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { ConditionBuilder } from '../ConditionBuilder'
import { type Party, PartySelect } from './people'
import { Rows } from './Rows'

/** The document's name for who is asked; written out, it would make a promise of the case for the linter. */
const THEN = 'then'
export interface FormulaCase {
  /** Without one the case always holds. */
  when?: Condition
  [THEN]: Party
}
const caseOf = (when: Condition | undefined, party: Party): FormulaCase =>
  when ? { when, [THEN]: party } : { [THEN]: party }

/** Who is asked in which case; the first case that holds counts. */
export function Formula({
  id,
  label,
  cases,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  cases: FormulaCase[]
  readOnly: boolean
  onChange: (cases: FormulaCase[]) => void
}) {
  const { t } = useWords()
  return (
    <Rows<FormulaCase>
      id={id}
      legend={label}
      rows={cases}
      first={caseOf(undefined, { role: '' })}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(row, put, at) => (
        <div className="grow formula-case">
          <ConditionBuilder
            id={`${id}:${at}.when`}
            value={row.when}
            readOnly={readOnly}
            onChange={when => put(caseOf(when, row[THEN]))}
          />
          {!row.when && <span className="quiet">{t('design.case_always')}</span>}
          <PartySelect
            id={`${id}:${at}.then`}
            label={t('design.case_then')}
            value={row[THEN]}
            readOnly={readOnly}
            onChange={party => put(caseOf(row.when, party ?? { role: '' }))}
          />
        </div>
      )}
    </Rows>
  )
}
