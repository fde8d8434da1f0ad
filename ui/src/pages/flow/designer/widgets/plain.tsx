import { Input, InputNumber } from 'antd'
import type { Text } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { NameFields } from '../Drawer'
import { DecimalInput } from './DecimalInput'
import { Field, type WidgetProps } from './SettingField'

export function NumberField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <InputNumber
        aria-label={label}
        min={0}
        max={100_000}
        disabled={readOnly}
        value={(value as number) ?? null}
        onChange={next => onChange(next ?? undefined)}
        data-testid={id}
      />
    </Field>
  )
}

export function MoneyField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <DecimalInput
        id={id}
        label={label}
        optional
        value={(value as string) ?? ''}
        readOnly={readOnly}
        onChange={text => onChange(text || undefined)}
      />
    </Field>
  )
}

export function TextField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <Input
        aria-label={label}
        disabled={readOnly}
        value={(value as string) ?? ''}
        maxLength={80}
        onChange={event => onChange(event.target.value)}
        data-testid={id}
      />
    </Field>
  )
}

export function WordsField({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Field label={label}>
      <NameFields
        id={id}
        name={(value as Text) ?? { zh: '', en: '' }}
        readOnly={readOnly}
        onChange={onChange}
      />
    </Field>
  )
}

export function LongWords({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const text = (value as Text) ?? { zh: '', en: '' }
  return (
    <>
      {(['zh', 'en'] as const).map(lang => (
        <Field key={lang} label={`${label} · ${t(`design.lang_${lang}`)}`}>
          <Input.TextArea
            aria-label={`${label} ${lang}`}
            autoSize={{ minRows: 2, maxRows: 10 }}
            disabled={readOnly}
            value={text[lang] ?? ''}
            maxLength={4000}
            onChange={event => onChange({ ...text, [lang]: event.target.value })}
            data-testid={`${id}:${lang}`}
          />
        </Field>
      ))}
    </>
  )
}
