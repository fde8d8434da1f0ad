import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useWords } from '../i18n'
import { type FieldSpec, Fields, type Values } from './Fields'

/** A row of a list inside a record; the key stays while rows come and go. */
export interface Item {
  key: string
  values: Values
}

export const itemsOf = (rows: object[]): Item[] =>
  rows.map(row => ({
    key: crypto.randomUUID(),
    values: Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
  }))
export const valuesOf = (items: Item[]): Values[] => items.map(item => item.values)

/** Rows of a record, e.g. the parts of a product. Fields are named as the server names them: `components[0].quantity`. */
export function Items({
  id,
  title,
  name,
  items,
  fields,
  onChange,
}: {
  id: string
  title: string
  name: string
  items: Item[]
  fields: (at: number) => FieldSpec[]
  onChange: (items: Item[]) => void
}) {
  const { t } = useWords()
  const prefix = (at: number) => `${name}[${at}].`
  const put = (at: number, values: Values) => {
    const own = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key.slice(prefix(at).length), value]),
    )
    onChange(items.map((item, i) => (i === at ? { ...item, values: own } : item)))
  }
  return (
    <fieldset className="items" data-testid={`${id}.${name}`} data-count={items.length}>
      <legend>{title}</legend>
      {items.map((item, at) => (
        <div key={item.key} className="item">
          <Fields
            id={id}
            specs={fields(at)}
            values={Object.fromEntries(
              Object.entries(item.values).map(([key, value]) => [prefix(at) + key, value]),
            )}
            onChange={values => put(at, values)}
          />
          <Button
            type="text"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('form.remove_row', { n: at + 1 })}
            title={t('form.remove_row', { n: at + 1 })}
            onClick={() => onChange(items.filter((_, i) => i !== at))}
            data-testid={`${id}.remove:${at}`}
          />
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusOutlined aria-hidden />}
        onClick={() => onChange([...items, { key: crypto.randomUUID(), values: {} }])}
        data-testid={`${id}.add:${name}`}
      >
        {t('form.add_row')}
      </Button>
    </fieldset>
  )
}
