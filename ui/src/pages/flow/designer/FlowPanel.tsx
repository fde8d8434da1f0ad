import { InputNumber, Select } from 'antd'
import type { FlowDoc, Scope } from '../../../flow/doc'
import { isNothing } from '../../../flow/settings'
import { useWords } from '../../../i18n'
import { NameFields, Side } from './Drawer'
import { namesOf, useDesign, wordOf } from './design'
import { FlowFields } from './FlowFields'
import { DecimalInput } from './widgets/DecimalInput'

type Party = Record<string, string>
const lists = ['order_types', 'channels', 'customer_levels', 'regions'] as const

/** What holds for the flow as a whole: its names, what it is for, which orders enter it, who takes what nobody can. */
export function FlowPanel({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const { doc, acts, readOnly, vocabulary } = useDesign()
  const scope = doc.scope ?? {}
  /** What is undefined or empty is not written down. */
  const put = (next: Partial<FlowDoc>) =>
    acts.put(
      Object.fromEntries(
        Object.entries({ ...doc, ...next }).filter(([name, value]) => !(name in next && isNothing(value))),
      ) as unknown as FlowDoc,
    )
  const putScope = (next: Partial<Scope>) => {
    const all = Object.entries({ ...scope, ...next }).filter(
      ([, value]) => !(value === undefined || value === '' || (Array.isArray(value) && value.length === 0)),
    )
    const { scope: _, ...rest } = doc
    acts.put((all.length ? { ...rest, scope: Object.fromEntries(all) } : rest) as FlowDoc)
  }
  const admins = (doc.process_admin as Party[] | undefined) ?? []
  const key = (party: Party) => {
    const [kind, name] = Object.entries(party)[0] ?? ['', '']
    return `${kind}:${name}`
  }
  return (
    <Side id="design.flow_panel" title={t('design.flow')} onClose={onClose}>
      <NameFields
        id="design.flow_name"
        name={doc.name}
        readOnly={readOnly}
        onChange={name => put({ name })}
      />
      <label className="field">
        <span>{t('design.purpose')}</span>
        <Select
          aria-label={t('design.purpose')}
          disabled={readOnly}
          value={doc.purpose ?? 'confirmation'}
          onChange={purpose => put({ purpose })}
          options={['confirmation', 'subflow', 'fulfilment'].map(each => ({
            value: each,
            label: wordOf(vocabulary, `purpose.${each}`),
          }))}
          data-testid="design.purpose"
        />
      </label>
      <h3>{t('design.scope')}</h3>
      <p className="quiet">{t('design.scope_note')}</p>
      {lists.map(name => (
        <label key={name} className="field">
          <span>{wordOf(vocabulary, `scope.${name}`)}</span>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            aria-label={wordOf(vocabulary, `scope.${name}`)}
            placeholder={t('design.all')}
            disabled={readOnly}
            tokenSeparators={[',', '\uFF0C']}
            value={scope[name] ?? []}
            onChange={(value: string[]) => putScope({ [name]: value })}
            data-testid={`design.scope:${name}`}
          />
        </label>
      ))}
      <div className="pair">
        {(['amount_from', 'amount_to'] as const).map(name => (
          <label key={name} className="field">
            <span>{t(`design.${name}`)}</span>
            <DecimalInput
              id={`design.scope:${name}`}
              label={t(`design.${name}`)}
              optional
              value={scope[name] ?? ''}
              readOnly={readOnly}
              onChange={value => putScope({ [name]: value })}
            />
          </label>
        ))}
      </div>
      <label className="field">
        <span>{t('design.priority')}</span>
        <InputNumber
          aria-label={t('design.priority')}
          disabled={readOnly}
          value={scope.priority ?? 0}
          onChange={priority => putScope({ priority: priority || undefined })}
          data-testid="design.scope:priority"
        />
      </label>
      <label className="field">
        <span>{t('design.process_admin')}</span>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('design.process_admin')}
          disabled={readOnly}
          value={admins.map(key)}
          onChange={(next: string[]) =>
            put({
              process_admin: next.map(each => ({
                [each.slice(0, each.indexOf(':'))]: each.slice(each.indexOf(':') + 1),
              })),
            })
          }
          options={(['role', 'user'] as const).flatMap(kind =>
            namesOf(vocabulary, kind).map(each => ({ value: `${kind}:${each.value}`, label: each.label })),
          )}
          data-testid="design.process_admin"
        />
      </label>
      <FlowFields put={put} />
    </Side>
  )
}
