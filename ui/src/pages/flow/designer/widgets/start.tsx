import { Button, Input } from 'antd'
import type { Text } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { useDesign } from '../design'
import { Field, type WidgetProps } from './SettingField'
import { Several } from './Several'

const SUMMARY_MAX = 5

/** The facts of an order as a whole that a title or a summary may name. */
function useFacts() {
  const { words } = useWords()
  const { doc, vocabulary } = useDesign()
  const own = (doc.fields as { field: string; name: Text; line?: boolean }[] | undefined) ?? []
  return [
    ...vocabulary.fields.filter(each => !each.line).map(each => ({ value: each.name, label: each.label })),
    ...own.filter(each => !each.line).map(each => ({ value: each.field, label: words(each.name) })),
  ]
}

/** Words, and facts of the order in braces, which a button puts in. */
export function Title({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const facts = useFacts()
  const text = (value as string | undefined) ?? ''
  return (
    <Field label={label} hint={t('design.title_hint')}>
      <Input
        aria-label={label}
        disabled={readOnly}
        maxLength={200}
        value={text}
        onChange={event => onChange(event.target.value)}
        data-testid={id}
      />
      {!readOnly && (
        <span className="ticks chips">
          {facts.map(each => (
            <Button
              key={each.value}
              size="small"
              onClick={() => onChange(`${text}${text && ' '}{${each.value}}`)}
              data-testid={`${id}.put:${each.value}`}
            >
              {each.label}
            </Button>
          ))}
        </span>
      )}
    </Field>
  )
}

/** Up to five facts, in the order in which they are chosen. */
export function Facts({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Several
      id={id}
      label={label}
      search
      readOnly={readOnly}
      placeholder={t('design.choose_field')}
      value={(value as string[]) ?? []}
      onChange={next => onChange(next.slice(0, SUMMARY_MAX))}
      options={useFacts()}
    />
  )
}
