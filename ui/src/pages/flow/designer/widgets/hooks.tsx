import { Input, Select } from 'antd'
import type { Text } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign } from '../design'
import { Rows } from './Rows'
import type { WidgetProps } from './SettingField'

interface Hook {
  connector: string
  operation: string
  /** Name in the call, field of the order. */
  request?: Record<string, string>
}

interface OwnButton {
  id: string
  name: Text
  confirm?: Text
  call: Hook
}

const first: Hook = { connector: '', operation: '', request: { number: 'number' } }

/** By which operation another system is told, and with which fields under their own names. */
function HookFields({
  id,
  hook,
  readOnly,
  put,
}: {
  id: string
  hook: Hook
  readOnly: boolean
  put: (hook: Hook) => void
}) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const own = ['number', 'id'].map(path => ({ value: path, label: vocabulary.paths[path] ?? path }))
  const facts = vocabulary.fields.filter(field => !field.line)
  return (
    <>
      <Select
        aria-label={t('design.connector')}
        placeholder={t('design.connector')}
        disabled={readOnly}
        value={hook.connector || undefined}
        onChange={connector => put({ ...hook, connector, operation: '' })}
        options={namesOf(vocabulary, 'connector')}
        data-testid={id}
      />
      <Select
        aria-label={t('design.operation')}
        placeholder={t('design.operation')}
        disabled={readOnly}
        value={hook.operation || undefined}
        onChange={operation => put({ ...hook, operation })}
        options={namesOf(vocabulary, `operation.${hook.connector}`)}
        data-testid={`${id}.operation`}
      />
      <Select
        mode="multiple"
        aria-label={t('design.sent_fields')}
        placeholder={t('design.sent_fields')}
        disabled={readOnly}
        value={Object.values(hook.request ?? {})}
        onChange={(fields: string[]) => {
          const named = Object.entries(hook.request ?? {}).filter(([, field]) => fields.includes(field))
          const known = named.map(([, field]) => field)
          const more = fields.filter(field => !known.includes(field)).map(field => [field, field])
          put({ ...hook, request: Object.fromEntries([...named, ...more]) })
        }}
        options={[...own, ...facts.map(field => ({ value: field.name, label: field.label }))]}
        data-testid={`${id}.sent`}
      />
    </>
  )
}

/** Other systems that are told of a step. */
export function Hooks({ id, label, value, readOnly, onChange }: WidgetProps) {
  return (
    <Rows<Hook>
      id={id}
      legend={label}
      rows={(value as Hook[]) ?? []}
      first={first}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(hook, put, at) => <HookFields id={`${id}:${at}`} hook={hook} readOnly={readOnly} put={put} />}
    </Rows>
  )
}

/** Buttons of the step's own: what each is called, what it asks first, and which system it tells. */
export function OwnButtons({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const buttons = (value as OwnButton[]) ?? []
  const free = Array.from({ length: buttons.length + 1 }, (_, at) => `b${at + 1}`).find(
    name => !buttons.some(button => button.id === name),
  )
  return (
    <Rows<OwnButton>
      id={id}
      legend={label}
      rows={buttons}
      first={{ id: free ?? 'b', name: { zh: '', en: '' }, call: first }}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(button, put, at) => (
        <>
          <TextPair
            id={`${id}:${at}.name`}
            label={t('design.button_name')}
            value={button.name}
            readOnly={readOnly}
            onChange={name => put({ ...button, name })}
          />
          <TextPair
            id={`${id}:${at}.confirm`}
            label={t('design.button_confirm')}
            value={button.confirm}
            readOnly={readOnly}
            onChange={({ zh, en }) => {
              const { confirm: _, ...silent } = button
              put(zh || en ? { ...silent, confirm: { zh, en } } : silent)
            }}
          />
          <HookFields
            id={`${id}:${at}`}
            hook={button.call}
            readOnly={readOnly}
            put={call => put({ ...button, call })}
          />
        </>
      )}
    </Rows>
  )
}

/** A few words in both languages, side by side. */
function TextPair({
  id,
  label,
  value,
  readOnly,
  onChange,
}: {
  id: string
  label: string
  value?: Text
  readOnly: boolean
  onChange: (text: Text) => void
}) {
  const { t } = useWords()
  const text = value ?? { zh: '', en: '' }
  return (['zh', 'en'] as const).map(lang => (
    <Input
      key={lang}
      aria-label={`${label} ${lang}`}
      placeholder={`${label} · ${t(`design.lang_${lang}`)}`}
      maxLength={40}
      disabled={readOnly}
      value={text[lang]}
      onChange={event => onChange({ ...text, [lang]: event.target.value })}
      data-testid={`${id}:${lang}`}
    />
  ))
}
