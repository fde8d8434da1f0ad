import { Select } from 'antd'
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

/** Other systems that are told of a step: by which operation, and with which fields under their own names. */
export function Hooks({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const own = ['number', 'id'].map(path => ({ value: path, label: vocabulary.paths[path] ?? path }))
  const facts = vocabulary.fields.filter(field => !field.line)
  return (
    <Rows<Hook>
      id={id}
      legend={label}
      rows={(value as Hook[]) ?? []}
      first={{ connector: '', operation: '', request: { number: 'number' } }}
      readOnly={readOnly}
      onChange={onChange}
    >
      {(hook, put, at) => (
        <>
          <Select
            aria-label={t('design.connector')}
            placeholder={t('design.connector')}
            disabled={readOnly}
            value={hook.connector || undefined}
            onChange={connector => put({ ...hook, connector, operation: '' })}
            options={namesOf(vocabulary, 'connector')}
            data-testid={`${id}:${at}`}
          />
          <Select
            aria-label={t('design.operation')}
            placeholder={t('design.operation')}
            disabled={readOnly}
            value={hook.operation || undefined}
            onChange={operation => put({ ...hook, operation })}
            options={namesOf(vocabulary, `operation.${hook.connector}`)}
            data-testid={`${id}:${at}.operation`}
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
            data-testid={`${id}:${at}.sent`}
          />
        </>
      )}
    </Rows>
  )
}
