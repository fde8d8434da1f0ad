import { CloseOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { asksPerson, type Text, walk } from '../../../../flow/doc'
import { useWords } from '../../../../i18n'
import { useDesign, wordOf } from '../design'
import type { WidgetProps } from './SettingField'
import { Several } from './Several'

/** The fields of an order that people see, and those of the flow. */
export function usePaths() {
  const { words } = useWords()
  const { doc, vocabulary } = useDesign()
  const own = (doc.fields as { field: string; name: Text; line?: boolean }[]) ?? []
  return [
    ...Object.entries(vocabulary.paths).map(([value, label]) => ({ value, label })),
    ...own.map(each => ({
      value: `${each.line ? 'lines.' : ''}extra.${each.field}`,
      label: words(each.name),
    })),
  ]
}

/** Several fields of the order. */
export function Paths({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Several
      id={id}
      label={label}
      readOnly={readOnly}
      search
      placeholder={t('design.choose_field')}
      value={(value as string[]) ?? []}
      onChange={onChange}
      options={usePaths()}
    />
  )
}

export const levels = ['edit', 'read', 'mask', 'hide'] as const
export const PLAIN = 'read'

/** What the people of the step may do with each field; what is not said can be read. */
export function Access({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const [text, setText] = useState('')
  const access = (value as Record<string, string>) ?? {}
  const wanted = text.trim().toLowerCase()
  const paths = usePaths().filter(each => `${each.label} ${each.value}`.toLowerCase().includes(wanted))
  // What was said about comes first.
  const shown = [...paths].sort((one, two) => Number(two.value in access) - Number(one.value in access))
  const put = (path: string, level: string) => {
    const { [path]: _, ...rest } = access
    onChange(level === PLAIN ? rest : { ...rest, [path]: level })
  }
  return (
    <fieldset className="items" data-testid={id} data-count={Object.keys(access).length}>
      <legend>{label}</legend>
      <div className="beside">
        <Input
          allowClear
          size="small"
          placeholder={t('design.find_field')}
          aria-label={t('design.find_field')}
          value={text}
          onChange={event => setText(event.target.value)}
          data-testid={`${id}.find`}
        />
        {!readOnly && (
          <Button size="small" onClick={() => onChange(undefined)} data-testid={`${id}.all_read`}>
            {t('design.all_read')}
          </Button>
        )}
      </div>
      <div className="matrix">
        <table className="table">
          <thead>
            <tr>
              <th>{t('design.field')}</th>
              {levels.map(level => (
                <th key={level}>{wordOf(vocabulary, `access.${level}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ value: path, label: name }) => (
              <tr key={path}>
                <th scope="row">{name}</th>
                {levels.map(level => (
                  <td key={level}>
                    <input
                      type="radio"
                      name={`${id}:${path}`}
                      aria-label={`${name} · ${wordOf(vocabulary, `access.${level}`)}`}
                      disabled={readOnly}
                      checked={(access[path] ?? PLAIN) === level}
                      onChange={() => put(path, level)}
                      data-testid={`${id}:${path}:${level}`}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </fieldset>
  )
}

const buttons = [
  'approve',
  'reject',
  'return',
  'claim',
  'transfer',
  'delegate',
  'add_signer',
  'remove_signer',
  'withdraw',
  'urge',
  'cc',
  'hold',
  'print',
] as const

/** Which buttons are offered; the document says which are not. */
export function Actions({ id, step, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const without = (value as string[]) ?? []
  const known = buttons.filter(
    button => button !== 'approve' && !(step.kind.type === 'task' && button === 'reject'),
  )
  return (
    <fieldset className="items" data-testid={id}>
      <legend>{t('design.offered')}</legend>
      <div className="ticks">
        {known.map(button => (
          <Checkbox
            key={button}
            disabled={readOnly}
            checked={!without.includes(button)}
            onChange={event =>
              onChange(event.target.checked ? without.filter(each => each !== button) : [...without, button])
            }
            data-testid={`${id}:${button}`}
          >
            {wordOf(vocabulary, `action.${button}`)}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  )
}

/** Buttons under another name. */
export function Labels({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const labels = (value as Record<string, Text>) ?? {}
  const rest = buttons.filter(button => !(button in labels))
  const put = (button: string, text: Text) => onChange({ ...labels, [button]: text })
  return (
    <fieldset className="items" data-testid={id}>
      <legend>{label}</legend>
      {Object.entries(labels).map(([button, text]) => (
        <div key={button} className="beside">
          <span className="nowrap">{wordOf(vocabulary, `action.${button}`)}</span>
          {(['zh', 'en'] as const).map(lang => (
            <Input
              key={lang}
              aria-label={`${wordOf(vocabulary, `action.${button}`)} ${lang}`}
              placeholder={t(`design.lang_${lang}`)}
              maxLength={20}
              disabled={readOnly}
              value={text[lang]}
              onChange={event => put(button, { ...text, [lang]: event.target.value })}
              data-testid={`${id}:${button}:${lang}`}
            />
          ))}
          {!readOnly && (
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('design.label_remove', { name: wordOf(vocabulary, `action.${button}`) })}
              onClick={() => {
                const { [button]: _, ...left } = labels
                onChange(left)
              }}
              data-testid={`${id}.remove:${button}`}
            />
          )}
        </div>
      ))}
      {!readOnly && rest.length > 0 && (
        <Select
          aria-label={t('design.label_add')}
          placeholder={t('design.label_add')}
          value={undefined}
          onChange={(button: string) => put(button, { zh: '', en: '' })}
          options={rest.map(button => ({ value: button, label: wordOf(vocabulary, `action.${button}`) }))}
          data-testid={`${id}.add`}
        />
      )}
    </fieldset>
  )
}

/** Buttons in the order in which they are shown; those not named follow. */
export function Order({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { vocabulary } = useDesign()
  return (
    <Several
      id={id}
      label={label}
      readOnly={readOnly}
      value={(value as string[]) ?? []}
      onChange={onChange}
      options={buttons.map(button => ({ value: button, label: wordOf(vocabulary, `action.${button}`) }))}
    />
  )
}

/** What other steps guard against this one, and decide again about after its return; unnamed ones guard what they may
 * edit or look at. */
export function Guards({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { t, words } = useWords()
  const { doc } = useDesign()
  const guards = (value as Record<string, string[]>) ?? {}
  const paths = usePaths()
  const steps = walk(doc)
    .map(each => each.step)
    .filter(each => asksPerson(each) && each.id !== step.id)
  const nameOf = (key: string) => words(steps.find(each => each.id === key)?.name) || key
  return (
    <fieldset className="items" data-testid={id} data-count={Object.keys(guards).length}>
      <legend>{label}</legend>
      {Object.entries(guards).map(([key, fields]) => (
        <div key={key} className="beside">
          <div className="grow">
            <Several
              id={`${id}:${key}`}
              label={t('design.guard_of', { name: nameOf(key) })}
              search
              readOnly={readOnly}
              placeholder={t('design.guard_none')}
              value={fields}
              onChange={next => onChange({ ...guards, [key]: next })}
              options={paths}
            />
          </div>
          {!readOnly && (
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('design.guard_remove', { name: nameOf(key) })}
              onClick={() => {
                const { [key]: _, ...rest } = guards
                onChange(rest)
              }}
              data-testid={`${id}.remove:${key}`}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Select
          aria-label={t('design.guard_add')}
          placeholder={t('design.guard_add')}
          value={null}
          onChange={(key: string | null) => key && onChange({ ...guards, [key]: [] })}
          options={steps
            .filter(each => !(each.id in guards))
            .map(each => ({ value: each.id, label: words(each.name) }))}
          data-testid={`${id}.add`}
        />
      )}
    </fieldset>
  )
}
