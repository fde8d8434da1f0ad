import { Segmented, Select } from 'antd'
import { useState } from 'react'
import { type FormField, useRoles } from '../../api/settings'
import { CustomField } from '../../forms/order/CustomField'
import { groupsOf, sees } from '../../forms/order/groups'
import { useWords } from '../../i18n'

/** The form as whoever enters an order will see it, or as somebody with a role. What is typed here goes nowhere. */
export function Preview({ fields: all }: { fields: FormField[] }) {
  const { t, words } = useWords()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [width, setWidth] = useState<'desktop' | 'phone'>('desktop')
  const [role, setRole] = useState<string>()
  const roles = useRoles()
  const fields = all.filter(field => !role || sees(field, [role]))
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
        <Select
          size="small"
          allowClear
          aria-label={t('form_field.preview_as')}
          placeholder={t('form_field.preview_as')}
          value={role}
          onChange={setRole}
          options={roles.data?.body.items.map(({ role, name }) => ({ value: role, label: words(name) }))}
          data-testid="form.preview_as"
        />
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
