import { Input, Select } from 'antd'
import type { Dispatch, ReactNode } from 'react'
import { useClauses } from '../../api/master'
import { useWords } from '../../i18n'
import { INCOTERMS, PAYMENT_METHODS } from '../../ui/codes'
import { clauseName } from '../../ui/difference'
import type { Draft, DraftAction } from './draft'

interface Props {
  id: string
  terms: Draft['kept']
  dispatch: Dispatch<DraftAction>
}

function Field({ path, wide, children }: { path: string; wide?: boolean; children: ReactNode }) {
  const { code } = useWords()
  return (
    <label className={wide ? 'field field-wide' : 'field'} data-path={path}>
      <span className="field-name">{code('field', path)}</span>
      {children}
    </label>
  )
}

function Choice({
  path,
  id,
  values,
  value,
  say,
  onChange,
}: {
  path: string
  id: string
  values: string[]
  value: string | null | undefined
  say: (value: string) => string
  onChange: (value: string | null) => void
}) {
  const { code } = useWords()
  const all = value && !values.includes(value) ? [value, ...values] : values
  return (
    <Field path={path}>
      <Select
        allowClear
        showSearch
        aria-label={code('field', path)}
        value={value || undefined}
        options={all.map(each => ({ value: each, label: say(each) }))}
        onChange={chosen => onChange(chosen ?? null)}
        data-testid={`${id}${path}`}
      />
    </Field>
  )
}

/** How the customer pays, and where costs and risk go over to them. */
export function TermsFields({ id, terms, dispatch }: Props) {
  const { code } = useWords()
  const delivery = { code: null, place: null, ...terms.delivery_terms }
  const deliver = (next: typeof delivery) => {
    const nothing = !next.code && !next.place
    dispatch({ kind: 'terms', terms: { delivery_terms: nothing ? null : next } })
  }
  return (
    <>
      <Choice
        path="payment_method"
        id={id}
        values={PAYMENT_METHODS}
        value={terms.payment_method}
        say={value => code('payment_method', value)}
        onChange={payment_method => dispatch({ kind: 'terms', terms: { payment_method } })}
      />
      <Choice
        path="delivery_terms.code"
        id={id}
        values={INCOTERMS}
        value={delivery.code}
        say={value => value}
        onChange={chosen => deliver({ ...delivery, code: chosen })}
      />
      <Field path="delivery_terms.place">
        <Input
          maxLength={500}
          value={delivery.place ?? ''}
          onChange={event => deliver({ ...delivery, place: event.target.value || null })}
          data-testid={`${id}delivery_terms.place`}
        />
      </Field>
    </>
  )
}

/** The clauses of the contract. One that is taken up is that of today; one that stays keeps the version it was agreed in. */
export function ClauseFields({ id, terms, dispatch }: Props) {
  const { t, code, words } = useWords()
  const { data } = useClauses()
  const standard = data?.pages.flatMap(page => page.items) ?? []
  const chosen = terms.clauses ?? []
  const put = (clauses: Draft['kept']['clauses']) => dispatch({ kind: 'terms', terms: { clauses } })
  const textOf = (clause: string, version?: number | null) =>
    words(standard.find(each => each.code === clause)?.versions.find(each => each.version === version)?.text)
  const named = new Set([...standard.map(each => each.code), ...chosen.map(each => each.code)])
  if (!named.size) return null
  return (
    <>
      <Field path="clauses" wide>
        <Select
          mode="multiple"
          aria-label={code('field', 'clauses')}
          showSearch={{ optionFilterProp: 'label' }}
          optionLabelProp="value"
          value={chosen.map(each => each.code)}
          options={[...named].map(value => {
            const version = standard.find(each => each.code === value)?.version
            return { value, label: [value, textOf(value, version)].filter(Boolean).join(' · ') }
          })}
          onChange={codes =>
            put(
              codes.map(
                each =>
                  chosen.find(known => known.code === each) ?? {
                    code: each,
                    version: standard.find(known => known.code === each)?.version,
                  },
              ),
            )
          }
          data-testid={`${id}clauses`}
        />
      </Field>
      {chosen.map(clause => {
        const label = t('clause.own_text', { clause: clauseName(clause.code, clause.version, t) })
        return (
          <label key={clause.code} className="field field-wide">
            <span className="field-name">{label}</span>
            <Input.TextArea
              autoSize={{ minRows: 1, maxRows: 6 }}
              placeholder={textOf(clause.code, clause.version)}
              value={clause.text ?? ''}
              onChange={event => {
                const text = event.target.value || null
                put(chosen.map(each => (each === clause ? { ...clause, text } : each)))
              }}
              data-testid={`${id}clause:${clause.code}`}
            />
          </label>
        )
      })}
    </>
  )
}
