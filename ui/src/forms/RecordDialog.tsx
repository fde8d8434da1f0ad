import { type ReactNode, useState } from 'react'
import { complete, type FieldSpec, Fields, pathOf, type Values } from './Fields'
import { FormDialog } from './FormDialog'

/** A dialog that writes one record of plain fields. */
export function RecordDialog({
  fields,
  initial = {},
  onSend,
  children,
  ...dialog
}: {
  id: string
  title: string
  okText: string
  fields: FieldSpec[] | ((values: Values) => FieldSpec[])
  initial?: Values
  write: { isPending: boolean; error: unknown }
  onSend: (values: Values) => void
  onClose: () => void
  children?: ReactNode
}) {
  const [values, setValues] = useState(initial)
  const specs = typeof fields === 'function' ? fields(values) : fields
  const names = specs.map(spec => spec.name)
  const send = () => onSend(Object.fromEntries(names.map(name => [name, values[name] ?? ''])))
  return (
    <FormDialog {...dialog} shown={specs.map(pathOf)} ready={complete(specs, values)} onSend={send}>
      {children}
      <Fields id={dialog.id} specs={specs} values={values} onChange={setValues} />
    </FormDialog>
  )
}
