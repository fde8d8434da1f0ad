import { Select } from 'antd'
import { useState } from 'react'
import { type FormField, useRoles } from '../../api/settings'
import { type FieldSpec, Fields, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { allComplete, type Item, Items, itemsOf, valuesOf } from '../../forms/Items'
import { useWords } from '../../i18n'
import { conditionFields, fieldOf, isWorkedOut, listed, typed, typedCondition, types } from './draft'

const IDLE = { isPending: false, error: null }

function useSpecs(values: Values): FieldSpec[] {
  const { t, code } = useWords()
  const choice = (name: string, all: readonly string[], label: (value: string) => string): FieldSpec => ({
    name,
    label: t(`form_field.${name}`),
    kind: 'choice',
    required: true,
    options: all.map(value => ({ value, label: label(value) })),
  })
  const chosen = values.type === 'choice' || values.type === 'choices'
  const counted = values.type === 'number' || values.type === 'money'
  const asked: FieldSpec[] = [
    choice('required', ['no', 'always', 'when'], value => t(`form_field.required_${value}`)),
    ...(chosen
      ? [{ name: 'options', label: t('form_field.options'), kind: 'area' as const, required: true }]
      : []),
    values.type === 'bool'
      ? {
          ...choice('default', ['true', 'false'], value =>
            t(`form_field.${value === 'true' ? 'yes' : 'no'}`),
          ),
          required: false,
        }
      : { name: 'default', label: t('form_field.default') },
  ]
  const words = (name: string, required = false): FieldSpec[] =>
    (['zh', 'en'] as const).map(lang => ({
      name: `${name}_${lang}`,
      label: t(`form_field.${name}_${lang}`),
      required: required && lang === 'zh',
    }))
  return [
    ...words('name', true),
    { name: 'field', label: t('form_field.field'), required: true, placeholder: 'export_licence' },
    choice('type', types, value => code('field_type', value)),
    choice('place', ['order', 'line'], value => t(`form_field.place_${value}`)),
    ...(counted
      ? [{ name: 'formula', label: t('form_field.formula'), placeholder: 'quantity * unit_weight - 5' }]
      : []),
    ...(isWorkedOut(values) ? [] : asked),
    ...words('group'),
    ...words('hint'),
  ]
}

function VisibleTo({ values, onChange }: { values: Values; onChange: (values: Values) => void }) {
  const { t, words } = useWords()
  const roles = useRoles()
  return (
    <label className="field">
      <span>{t('form_field.visible_to')}</span>
      <Select
        mode="multiple"
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('form_field.visible_to')}
        placeholder={t('form_field.visible_to_all')}
        value={listed(values.visible_to ?? '')}
        onChange={chosen => onChange({ ...values, visible_to: chosen.join('\n') })}
        options={roles.data?.body.items.map(({ role, name }) => ({ value: role, label: words(name) }))}
        data-testid="form_field.visible_to"
      />
      <span className="quiet">{t('form_field.visible_to_hint')}</span>
    </label>
  )
}

/** One field of the form. What it asks is said here; the whole form is sent by the page. */
export function FieldDialog({
  field,
  others,
  onDone,
  onClose,
}: {
  field: FormField
  others: FormField[]
  onDone: (field: FormField) => void
  onClose: () => void
}) {
  const { t, code, words } = useWords()
  const [values, setValues] = useState(() => typed(field))
  const [conditions, setConditions] = useState<Item[]>(() =>
    itemsOf((field.required_when.length ? field.required_when : [{ field: '', is: [] }]).map(typedCondition)),
  )
  const specs = useSpecs(values)
  const asks: FieldSpec[] = [
    {
      name: 'field',
      label: t('form_field.condition_field'),
      kind: 'choice',
      required: true,
      options: [
        ...conditionFields.map(value => ({ value, label: code('field', value) })),
        ...others.map(each => ({ value: each.field, label: words(each.name) })),
      ],
    },
    { name: 'is', label: t('form_field.condition_is'), required: true },
  ]
  const complete = specs.every(spec => !spec.required || values[spec.name]?.trim())
  const when = values.required === 'when' && !isWorkedOut(values)
  return (
    <FormDialog
      id="form_field"
      title={field.field ? words(field.name) : t('form_field.new')}
      okText={t('form_field.take')}
      wide
      ready={complete && (!when || allComplete(conditions, asks))}
      write={IDLE}
      shown={[]}
      onSend={() => onDone(fieldOf(values, valuesOf(conditions)))}
      onClose={onClose}
    >
      <Fields id="form_field" specs={specs} values={values} onChange={setValues} />
      <VisibleTo values={values} onChange={setValues} />
      {(values.type === 'number' || values.type === 'money') && (
        <p className="quiet">{t('form_field.formula_hint')}</p>
      )}
      {when && (
        <>
          <p className="quiet">{t('form_field.all_hold')}</p>
          <Items
            id="form_field.when"
            title={t('form_field.conditions')}
            name="required_when"
            items={conditions}
            fields={asks}
            onChange={setConditions}
          />
        </>
      )}
    </FormDialog>
  )
}
