import { type Dispatch, memo } from 'react'
import { type FormField, useOrderForm } from '../../api/settings'
import type { Finding, Me } from '../../api/types'
import { useWords } from '../../i18n'
import { CustomField } from './CustomField'
import { type Draft, type DraftAction, isBlank } from './draft'
import { groupsOf, sees } from './groups'

interface Props {
  /** Who does not see the order whole, because somebody else has taken it in. */
  reader?: Me
  draft: Draft
  findings: Map<string, Finding[]>
  dispatch: Dispatch<DraftAction>
}

const NONE: Finding[] = []
const NO_FIELDS: FormField[] = []

/** What is shown where nothing was said yet is what the server would fill in. */
const held = (extra: Record<string, unknown>, field: FormField) =>
  field.field in extra ? extra[field.field] : field.default

function useFields(line: boolean, reader?: Me) {
  const { data } = useOrderForm()
  const seen = (field: FormField) => !reader || sees(field, reader.roles)
  return (data?.body.items ?? NO_FIELDS).filter(each => each.line === line && seen(each))
}

const sameExtra = (one: Props, two: Props) =>
  one.draft.extra === two.draft.extra && one.findings === two.findings

/** What the company asks of an order beside its own fields, under its headings. */
export const OrderExtras = memo(function OrderExtras({ reader, draft, findings, dispatch }: Props) {
  const { t, words } = useWords()
  return groupsOf(useFields(false, reader)).map(group => {
    const title = words(group.name) || t('entry.custom_block')
    return (
      <section key={title} className="card form-card" aria-label={title}>
        <h2>{title}</h2>
        <div className="form-grid">
          {group.fields.map(field => (
            <CustomField
              key={field.field}
              field={field}
              path={`extra.${field.field}`}
              value={held(draft.extra, field)}
              findings={findings.get(`extra.${field.field}`) ?? NONE}
              onChange={value => dispatch({ kind: 'extra', field: field.field, value })}
            />
          ))}
        </div>
      </section>
    )
  })
}, sameExtra)

const sameLines = (one: Props, two: Props) =>
  one.draft.lines === two.draft.lines && one.findings === two.findings

/** What the company asks of each line. */
export const LineExtras = memo(function LineExtras({ reader, draft, findings, dispatch }: Props) {
  const { t } = useWords()
  const fields = useFields(true, reader)
  const lines = draft.lines.filter(line => !isBlank(line))
  if (!fields.length || !lines.length) return null
  return (
    <section className="card form-card" aria-label={t('entry.line_custom_block')}>
      <h2>{t('entry.line_custom_block')}</h2>
      {lines.map((line, at) => (
        <fieldset key={line.key} className="line-extras" data-testid={`entry.line_extra:${at + 1}`}>
          <legend>
            {at + 1} · <span className="strong">{line.product}</span>{' '}
            <span className="quiet">{line.name}</span>
          </legend>
          <div className="form-grid">
            {fields.map(field => {
              const path = `${line.key}.extra.${field.field}`
              return (
                <CustomField
                  key={field.field}
                  field={field}
                  path={path}
                  value={held(line.extra, field)}
                  findings={findings.get(path) ?? NONE}
                  onChange={value => dispatch({ kind: 'extra', line: line.key, field: field.field, value })}
                />
              )
            })}
          </div>
        </fieldset>
      ))}
    </section>
  )
}, sameLines)
