import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useWords } from '../i18n'
import { complete, type FieldSpec, Fields, pathOf, type Values } from './Fields'

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

/** The fields of one row, named as the server names them in faults: `components[0].quantity`. */
const rowFields = (name: string, at: number, fields: FieldSpec[]): FieldSpec[] =>
  fields.map(field => ({ ...field, path: `${name}[${at}].${field.name}` }))

export const pathsOf = (name: string, items: Item[], fields: FieldSpec[]) =>
  items.flatMap((_, at) => rowFields(name, at, fields).map(pathOf))
export const allComplete = (items: Item[], fields: FieldSpec[]) =>
  items.every(item => complete(fields, item.values))

/** Rows of a record, e.g. the parts of a product. */
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
  fields: FieldSpec[]
  onChange: (items: Item[]) => void
}) {
  const { t } = useWords()
  const put = (key: string, values: Values) =>
    onChange(items.map(item => (item.key === key ? { ...item, values } : item)))
  return (
    <fieldset className="items" data-testid={`${id}.${name}`} data-count={items.length}>
      <legend>{title}</legend>
      {items.map((item, at) => (
        <div key={item.key} className="item">
          <Fields
            id={`${id}.${name}[${at}]`}
            specs={rowFields(name, at, fields)}
            values={item.values}
            onChange={values => put(item.key, values)}
          />
          <Button
            type="text"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('form.remove_row', { n: at + 1 })}
            title={t('form.remove_row', { n: at + 1 })}
            onClick={() => onChange(items.filter(each => each.key !== item.key))}
            data-testid={`${id}.${name}.remove:${at}`}
          />
        </div>
      ))}
      <Button
        type="dashed"
        icon={<PlusOutlined aria-hidden />}
        onClick={() => onChange([...items, ...itemsOf([{}])])}
        data-testid={`${id}.${name}.add`}
      >
        {t('form.add_row')}
      </Button>
    </fieldset>
  )
}
