import { Checkbox, InputNumber, Select } from 'antd'
import { useWords } from '../../../../i18n'
import { useDesign, wordOf } from '../design'
import type { WidgetProps } from './SettingField'
import { Several } from './Several'

/** The check that may tolerate a difference. */
const PRICE = 'price'

/** The checks whose findings the step answers for. */
export function Checks({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { vocabulary } = useDesign()
  return (
    <Several
      id={id}
      label={label}
      readOnly={readOnly}
      value={(value as string[]) ?? []}
      onChange={onChange}
      options={vocabulary.checks.map(check => ({
        value: check,
        label: wordOf(vocabulary, `check.${check}`, check),
      }))}
    />
  )
}

interface CheckRule {
  check: string
  on_fail: string
  /** Of prices, in 1/1,000. */
  tolerance_permille?: number
}

/** Which checks run, and what an open finding does. */
export function CheckRules({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const rules = (value as CheckRule[]) ?? []
  const ruleOf = (check: string) => rules.find(rule => rule.check === check)
  // A check of a newer server is shown by its key, and stays.
  const strange = rules.map(rule => rule.check).filter(check => !vocabulary.checks.includes(check))
  const checks = [...vocabulary.checks, ...strange]
  const put = (check: string, on_fail: string | null) => {
    const next = checks.flatMap(each => {
      if (each !== check) return ruleOf(each) ?? []
      return on_fail ? { ...ruleOf(each), check: each, on_fail } : []
    })
    onChange(next)
  }
  const tolerate = (permille: number | null) =>
    onChange(
      rules.map(({ tolerance_permille: _, ...rule }) => {
        const given = rule.check === PRICE && permille !== null
        return given ? { ...rule, tolerance_permille: permille } : rule
      }),
    )
  return (
    <fieldset className="items" data-testid={id} data-count={rules.length}>
      <legend>{label}</legend>
      {checks.map(check => (
        <div key={check} className="beside check-rule">
          <Checkbox
            disabled={readOnly}
            checked={Boolean(ruleOf(check))}
            onChange={event => put(check, event.target.checked ? 'return' : null)}
            data-testid={`${id}:${check}`}
          >
            {wordOf(vocabulary, `check.${check}`, check)}
          </Checkbox>
          <Select
            size="small"
            aria-label={t('design.on_fail_of', { check: wordOf(vocabulary, `check.${check}`, check) })}
            disabled={readOnly || !ruleOf(check)}
            value={ruleOf(check)?.on_fail}
            onChange={next => put(check, next)}
            options={['return', 'continue', 'branch', 'exception'].map(each => ({
              value: each,
              label: t(`design.on_fail.${each}`),
            }))}
            data-testid={`${id}:${check}.on_fail`}
          />
        </div>
      ))}
      {ruleOf(PRICE) && (
        <label className="beside">
          <span className="quiet">{t('design.tolerance')}</span>
          <InputNumber
            min={0}
            max={1000}
            disabled={readOnly}
            value={ruleOf(PRICE)?.tolerance_permille ?? null}
            onChange={tolerate}
            data-testid={`${id}.tolerance`}
          />
        </label>
      )}
    </fieldset>
  )
}
