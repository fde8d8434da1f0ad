import { Select } from 'antd'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign, wordOf } from '../design'
import type { WidgetProps } from './SettingField'
import { Several } from './Several'
import { type Told, ToldSelect } from './told'

interface Rule {
  off?: boolean
  template?: string
  to?: Told[]
}

/** What is sent where the step does not say, and whether it is sent without being asked for. */
const usual = {
  arrive: { template: 'task_arrived', told: false },
  soon: { template: 'task_due_soon', told: true },
  late: { template: 'task_overdue', told: true },
  done: { template: 'task_done', told: false },
  returned: { template: 'task_returned', told: false },
  cancelled: { template: 'task_cancelled', told: false },
} as const
type On = keyof typeof usual

/** `usual` where the step says nothing, else whether people are told. */
type Way = 'usual' | 'off' | 'on'
const wayOf = (rule: Rule | undefined): Way => (!rule ? 'usual' : rule.off ? 'off' : 'on')

/** Who is told of a task's way, by which template, and who beside them. */
export function NoticeRules({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const rules = (value as Record<string, Rule>) ?? {}
  const put = (on: On, rule: Rule | undefined) => {
    const { [on]: _, ...rest } = rules
    onChange(rule ? { ...rest, [on]: rule } : rest)
  }
  const templates = namesOf(vocabulary, 'template')
  return (
    <fieldset className="items" data-testid={id} data-count={Object.keys(rules).length}>
      <legend>{label}</legend>
      {(Object.keys(usual) as On[]).map(on => {
        const rule = rules[on]
        const word = wordOf(vocabulary, `notice_on.${on}`)
        return (
          <div key={on} className="notice-rule">
            <div className="beside">
              <span className="notice-on">{word}</span>
              <Select
                aria-label={t('design.notice_way', { on: word })}
                disabled={readOnly}
                value={wayOf(rule)}
                onChange={(way: Way) =>
                  put(on, way === 'usual' ? undefined : way === 'off' ? { off: true } : {})
                }
                options={(['usual', 'on', 'off'] as const).map(way => ({
                  value: way,
                  label:
                    way === 'usual'
                      ? t(usual[on].told ? 'design.notice.usual_on' : 'design.notice.usual_off')
                      : t(`design.notice.${way}`),
                }))}
                data-testid={`${id}:${on}`}
              />
            </div>
            {rule && !rule.off && (
              <>
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  aria-label={t('design.notice_template', { on: word })}
                  placeholder={t('design.notice_usual_template', {
                    name: templates.find(each => each.value === usual[on].template)?.label ?? '',
                  })}
                  disabled={readOnly}
                  value={rule.template}
                  onChange={(template?: string) => {
                    const { template: _, ...rest } = rule
                    put(on, template ? { ...rest, template } : rest)
                  }}
                  options={templates}
                  data-testid={`${id}:${on}.template`}
                />
                <ToldSelect
                  id={`${id}:${on}.to`}
                  label={t('design.notice_to', { on: word })}
                  placeholder={t('design.notice_to_none')}
                  value={rule.to ?? []}
                  readOnly={readOnly}
                  onChange={to => {
                    const { to: _, ...rest } = rule
                    put(on, to.length ? { ...rest, to } : rest)
                  }}
                />
              </>
            )}
          </div>
        )
      })}
    </fieldset>
  )
}

/** The ways to the customer, in the order in which they are tried. */
export function Channels({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Several
      id={id}
      label={label}
      readOnly={readOnly}
      placeholder={t('design.channel.mail')}
      value={(value as string[]) ?? []}
      onChange={onChange}
      options={(['mail', 'sms', 'im'] as const).map(each => ({
        value: each,
        label: t(`design.channel.${each}`),
      }))}
    />
  )
}
