import { Segmented } from 'antd'
import { useState } from 'react'
import type { FormField } from '../../api/settings'
import { CustomField } from '../../forms/order/CustomField'
import { groupsOf } from '../../forms/order/groups'
import { useWords } from '../../i18n'

/** The form as whoever enters an order will see it. What is typed here goes nowhere. */
export function Preview({ fields }: { fields: FormField[] }) {
  const { t, words } = useWords()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [width, setWidth] = useState<'desktop' | 'phone'>('desktop')
  const groups = groupsOf(fields.filter(field => !field.line))
  const lines = fields.filter(field => field.line)
  const one = (field: FormField) => {
    const path = `preview.${field.field}.${field.line}`
    return (
      <CustomField
        key={path}
        field={field}
        path={path}
        value={path in values ? values[path] : field.default}
        findings={[]}
        onChange={value => setValues({ ...values, [path]: value })}
      />
    )
  }
  return (
    <section className="card tab-body" aria-label={t('form_field.preview')} data-testid="form.preview">
      <div className="beside">
        <h2 className="grow">{t('form_field.preview')}</h2>
        <Segmented
          size="small"
          value={width}
          options={(['desktop', 'phone'] as const).map(value => ({
            value,
            label: t(`form_field.width_${value}`),
          }))}
          onChange={value => setWidth(value)}
        />
      </div>
      <div className={`form-preview form-preview-${width}`}>
        {groups.map(group => (
          <div key={words(group.name)}>
            <h3>{words(group.name) || t('entry.custom_block')}</h3>
            <div className="form-grid">{group.fields.map(one)}</div>
          </div>
        ))}
        {lines.length > 0 && (
          <div>
            <h3>{t('entry.line_custom_block')}</h3>
            <div className="form-grid">{lines.map(one)}</div>
          </div>
        )}
      </div>
    </section>
  )
}
