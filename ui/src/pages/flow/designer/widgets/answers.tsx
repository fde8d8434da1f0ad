import { Select } from 'antd'
import { useWords } from '../../../../i18n'
import { namesOf, useDesign } from '../design'
import { DecimalInput } from './DecimalInput'
import { Rows } from './Rows'
import type { WidgetProps } from './SettingField'
import { type Told, ToldSelect } from './told'

interface Proof {
  from_amount?: string
  proof: 'code' | 'signature'
}

/** From which amount on an answer of the customer's has to be proved, and how. */
export function Proofs({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  return (
    <Rows<Proof>
      id={id}
      legend={label}
      rows={(value as Proof[]) ?? []}
      first={{ proof: 'code' }}
      readOnly={readOnly}
      onChange={rows => onChange(rows.length ? rows : undefined)}
    >
      {(row, put, at) => (
        <>
          <DecimalInput
            id={`${id}:${at}.from`}
            label={t('design.proof_from')}
            optional
            value={row.from_amount ?? ''}
            readOnly={readOnly}
            onChange={text => put(text ? { ...row, from_amount: text } : { proof: row.proof })}
          />
          <Select
            aria-label={label}
            disabled={readOnly}
            value={row.proof}
            onChange={proof => put({ ...row, proof })}
            options={(['code', 'signature'] as const).map(each => ({
              value: each,
              label: t(`design.proof.${each}`),
            }))}
            data-testid={`${id}:${at}.proof`}
          />
        </>
      )}
    </Rows>
  )
}

interface EndNotice {
  template: string
  to: Told[]
}

/** Who is told of an end, and by which template. */
export function EndNotices({ id, label, value, readOnly, onChange }: WidgetProps) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const templates = namesOf(vocabulary, 'template')
  return (
    <Rows<EndNotice>
      id={id}
      legend={label}
      rows={(value as EndNotice[]) ?? []}
      first={{ template: templates[0]?.value ?? '', to: ['owner'] }}
      readOnly={readOnly}
      onChange={rows => onChange(rows.length ? rows : undefined)}
    >
      {(row, put, at) => (
        <>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('design.end_template')}
            disabled={readOnly}
            value={row.template}
            onChange={template => put({ ...row, template })}
            options={templates}
            data-testid={`${id}:${at}.template`}
          />
          <ToldSelect
            id={`${id}:${at}.to`}
            label={t('design.end_to')}
            value={row.to}
            customer
            readOnly={readOnly}
            onChange={to => put({ ...row, to })}
          />
        </>
      )}
    </Rows>
  )
}
