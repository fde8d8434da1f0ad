import { useOrderForm } from '../api/settings'
import { useWords } from '../i18n'

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)

/** The fields that something holds: those of the form in its order, then what the form does not know. */
export function useCustomFields(extra: Record<string, unknown>, line: boolean) {
  const { data } = useOrderForm()
  const known = (data?.body.items ?? []).filter(each => each.line === line)
  const others = Object.keys(extra).filter(key => !known.some(each => each.field === key))
  return [
    ...known.map(({ field, name }) => ({ field, name })),
    ...others.map(field => ({ field, name: { zh: field, en: field } })),
  ].filter(({ field }) => !isEmpty(extra[field]))
}

/** What a custom field holds. */
export function CustomValue({ value }: { value: unknown }) {
  const { t } = useWords()
  if (typeof value === 'boolean') return value ? t('form_field.yes') : t('form_field.no')
  if (Array.isArray(value)) return value.map(String).join(t('form_field.and'))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
