import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Select } from 'antd'
import type { FlowDoc, Text } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { useDesign, wordOf } from './design'
import { usePaths } from './widgets/access'
import { PartiesSelect, type Party } from './widgets/people'

interface Custom {
  field: string
  name: Text
  type: string | { choice: string[] }
  line?: boolean
}
const plain = ['text', 'number', 'money', 'bool', 'date'] as const

function CustomRow({
  id,
  value: custom,
  readOnly,
  onChange,
  onRemove,
}: {
  id: string
  value: Custom
  readOnly: boolean
  onChange: (custom: Custom) => void
  onRemove: () => void
}) {
  const { t } = useWords()
  const { vocabulary } = useDesign()
  const choices = typeof custom.type === 'string' ? undefined : custom.type.choice
  return (
    <li className="rule-row">
      <div className="beside">
        <Input
          aria-label={t('design.custom.key')}
          placeholder={t('design.custom.key')}
          maxLength={40}
          disabled={readOnly}
          value={custom.field}
          onChange={event => onChange({ ...custom, field: event.target.value.replace(/\W/g, '') })}
          data-testid={`${id}.key`}
        />
        {(['zh', 'en'] as const).map(lang => (
          <Input
            key={lang}
            aria-label={t(`design.name_${lang}`)}
            placeholder={t(`design.name_${lang}`)}
            maxLength={40}
            disabled={readOnly}
            value={custom.name[lang] ?? ''}
            onChange={event => onChange({ ...custom, name: { ...custom.name, [lang]: event.target.value } })}
            data-testid={`${id}.name:${lang}`}
          />
        ))}
        {!readOnly && (
          <Button
            type="text"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('design.custom.remove', { name: custom.field })}
            onClick={onRemove}
            data-testid={`${id}.remove`}
          />
        )}
      </div>
      <div className="beside">
        <Select
          aria-label={t('design.custom.type')}
          disabled={readOnly}
          value={choices ? 'choice' : (custom.type as string)}
          onChange={type => onChange({ ...custom, type: type === 'choice' ? { choice: [] } : type })}
          options={[...plain, 'choice'].map(type => ({
            value: type,
            label: type === 'choice' ? t('design.custom.choice') : wordOf(vocabulary, `custom.${type}`),
          }))}
          data-testid={`${id}.type`}
        />
        <Checkbox
          disabled={readOnly}
          checked={custom.line === true}
          onChange={event => {
            const { line: _, ...rest } = custom
            onChange(event.target.checked ? { ...rest, line: true } : rest)
          }}
          data-testid={`${id}.line`}
        >
          {t('design.custom.line')}
        </Checkbox>
      </div>
      {choices && (
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={t('design.custom.choices')}
          placeholder={t('design.custom.choices')}
          disabled={readOnly}
          tokenSeparators={[',', '\uFF0C']}
          value={choices}
          onChange={choice => onChange({ ...custom, type: { choice } })}
          data-testid={`${id}.choices`}
        />
      )}
    </li>
  )
}

/** Fields of the company's own that rules of the flow read. */
function CustomFields({ put }: { put: (next: Partial<FlowDoc>) => void }) {
  const { t } = useWords()
  const { doc, readOnly } = useDesign()
  const fields = (doc.fields as Custom[] | undefined) ?? []
  return (
    <fieldset className="items" data-testid="design.custom" data-count={fields.length}>
      <legend>{t('design.custom')}</legend>
      <p className="quiet">{t('design.custom_note')}</p>
      <ul>
        {fields.map((custom, at) => (
          <CustomRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the key of a field is being typed
            key={at}
            id={`design.custom:${at}`}
            value={custom}
            readOnly={readOnly}
            onChange={next => put({ fields: fields.map((each, index) => (index === at ? next : each)) })}
            onRemove={() => put({ fields: fields.filter((_, index) => index !== at) })}
          />
        ))}
      </ul>
      {!readOnly && (
        <Button
          type="dashed"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => put({ fields: [...fields, { field: '', name: { zh: '', en: '' }, type: 'text' }] })}
          data-testid="design.custom.add"
        >
          {t('design.custom.add')}
        </Button>
      )}
    </fieldset>
  )
}

interface Veil {
  visible_to?: Party[]
  hidden?: boolean
}

/** Fields that not everybody sees, each with whom it is shown to. */
function SensitiveFields({ put }: { put: (next: Partial<FlowDoc>) => void }) {
  const { t } = useWords()
  const { doc, readOnly } = useDesign()
  const paths = usePaths()
  const veils = (doc.sensitive as Record<string, Veil> | undefined) ?? {}
  const set = (path: string, veil: Veil | undefined) => {
    const { [path]: _, ...rest } = veils
    put({ sensitive: veil ? { ...rest, [path]: veil } : rest })
  }
  const nameOf = (path: string) => paths.find(each => each.value === path)?.label ?? path
  return (
    <fieldset className="items" data-testid="design.sensitive" data-count={Object.keys(veils).length}>
      <legend>{t('design.sensitive')}</legend>
      <ul>
        {Object.entries(veils).map(([path, veil]) => (
          <li key={path} className="rule-row">
            <div className="beside">
              <span className="grow">{nameOf(path)}</span>
              <Checkbox
                disabled={readOnly}
                checked={veil.hidden === true}
                onChange={event => {
                  const { hidden: _, ...rest } = veil
                  set(path, event.target.checked ? { ...rest, hidden: true } : rest)
                }}
                data-testid={`design.sensitive:${path}.hidden`}
              >
                {t('design.sensitive.hidden')}
              </Checkbox>
              {!readOnly && (
                <Button
                  type="text"
                  icon={<CloseOutlined aria-hidden />}
                  aria-label={t('design.sensitive.remove', { name: nameOf(path) })}
                  onClick={() => set(path, undefined)}
                  data-testid={`design.sensitive:${path}.remove`}
                />
              )}
            </div>
            <PartiesSelect
              id={`design.sensitive:${path}`}
              label={t('design.sensitive.visible_to', { name: nameOf(path) })}
              placeholder={t('design.sensitive.nobody')}
              value={veil.visible_to ?? []}
              readOnly={readOnly}
              onChange={to => set(path, { ...veil, visible_to: to as Party[] })}
            />
          </li>
        ))}
      </ul>
      {!readOnly && (
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('design.sensitive.add')}
          placeholder={t('design.sensitive.add')}
          value={null}
          onChange={(path: string | null) => path && set(path, { visible_to: [] })}
          options={paths.filter(each => !(each.value in veils))}
          data-testid="design.sensitive.add"
        />
      )}
    </fieldset>
  )
}

/** Whether the flow is critical, its own fields, and what of an order not everybody sees. */
export function FlowFields({ put }: { put: (next: Partial<FlowDoc>) => void }) {
  const { t } = useWords()
  const { doc, readOnly } = useDesign()
  return (
    <>
      <Checkbox
        disabled={readOnly}
        checked={doc.critical === true}
        onChange={event => put({ critical: event.target.checked || undefined })}
        data-testid="design.critical"
      >
        {t('design.critical')}
      </Checkbox>
      <CustomFields put={put} />
      <SensitiveFields put={put} />
    </>
  )
}
