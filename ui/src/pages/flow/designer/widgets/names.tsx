import { Input, Select, Switch } from 'antd'
import type { Lane } from '../../../../flow/doc'
import { earlier } from '../../../../flow/refs'
import { useWords } from '../../../../i18n'
import { defaults } from '../defaults'
import { namesOf, useDesign } from '../design'
import { Field, type WidgetProps } from './SettingField'

/** One of the names that the server knows: of templates, flows, connectors, or operations of the chosen connector. */
export function NameField({ id, label, step, setting, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const kind = setting.widget === 'operation' ? `operation.${step.kind.connector}` : setting.widget
  return (
    <Field label={label}>
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={label}
        disabled={readOnly}
        placeholder={t('design.not_set')}
        value={(value as string) || undefined}
        onChange={onChange}
        options={namesOf(vocabulary, kind)}
        data-testid={id}
      />
    </Field>
  )
}

/** An event that comes by itself, or the name of one that somebody tells. */
export function EventField({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const known = namesOf(vocabulary, 'awaited')
  const name = known.find(each => each.value === value)?.label
  return (
    <Field label={label}>
      <Input
        aria-label={label}
        disabled={readOnly}
        value={(value as string) ?? ''}
        maxLength={80}
        list={`${id}.known`}
        onChange={event => onChange(event.target.value)}
        data-testid={id}
      />
      <datalist id={`${id}.known`}>
        {known.map(each => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </datalist>
      <span className="quiet">{name ? t('design.event_known', { name }) : t('design.event_told')}</span>
    </Field>
  )
}

/** The lane that runs where the step goes wrong: it is drawn at the step, and filled there. */
export function SideLane({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { acts } = useDesign()
  const lane = value as Lane | undefined
  return (
    <label className="switch-row">
      <Switch
        size="small"
        aria-label={label}
        disabled={readOnly}
        checked={Boolean(lane)}
        onChange={on =>
          lane && !on
            ? acts.removeLane({ block: step.id, lane: lane.id })
            : onChange({ id: 'failed', name: defaults().failed, steps: [] })
        }
        data-testid={id}
      />
      <span>{label}</span>
    </label>
  )
}

export function StepField({ id, label, step, value, readOnly, onChange }: WidgetProps) {
  const { t, words } = useWords()
  const { doc } = useDesign()
  return (
    <Field label={label}>
      <Select
        aria-label={label}
        disabled={readOnly}
        placeholder={t('design.choose_step')}
        value={(value as string) || undefined}
        onChange={onChange}
        options={earlier(doc, step.id).map(each => ({ value: each.id, label: words(each.name) }))}
        data-testid={id}
      />
    </Field>
  )
}
