import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTaskAct } from '../../api/acts'
import { useOrder } from '../../api/hooks'
import type { Order, Task } from '../../api/types'
import { useWords } from '../../i18n'
import { actionOf } from '../../ui/ActionButton'
import { valueAt } from '../../ui/FieldValue'
import { Refusal } from '../../ui/states'

/** The paths a step may write on this order: a field of lines is one field for each line. */
export function writable(paths: string[], order: Order): string[] {
  return paths.flatMap(path =>
    path.startsWith('lines.') ? order.lines.map((_, i) => path.replace('lines.', `lines[${i}].`)) : [path],
  )
}

const read = (order: Order, path: string): string => {
  const value = valueAt(order, path.replace(/\[(\d+)\]/g, '.$1'))
  return value === null || value === undefined || typeof value === 'object' ? '' : String(value)
}

function Fields({ task, order }: { task: Task; order: Order }) {
  const { t, code } = useWords()
  const write = useTaskAct()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const paths = writable(task.writes, order)
  const changed = Object.entries(typed).filter(([path, value]) => value !== read(order, path))
  const may = Boolean(actionOf(task.actions, 'write_fields')?.allowed)
  const name = (path: string) => {
    const [, line, field] = /^lines\[(\d+)\]\.(.+)$/.exec(path) ?? []
    if (field) return t('task.line_field', { row: Number(line) + 1, field: code('line', field) })
    return path.startsWith('extra.') ? path.slice('extra.'.length) : code('field', path)
  }
  const save = () =>
    write.mutate(
      {
        id: task.id,
        act: 'fields',
        body: { values: Object.fromEntries(changed.map(([path, value]) => [path, value.trim() || null])) },
      },
      { onSuccess: () => setTyped({}) },
    )
  return (
    <div className="task-fields">
      <h3>{t('task.fields')}</h3>
      {paths.map(path => (
        <label key={path} className="field">
          <span>{name(path)}</span>
          <Input
            disabled={!may}
            value={typed[path] ?? read(order, path)}
            onChange={event => setTyped({ ...typed, [path]: event.target.value })}
            data-testid={`task.field:${path}`}
          />
        </label>
      ))}
      <Refusal id="task.fields" error={write.error} />
      <Button
        disabled={!may || changed.length === 0}
        loading={write.isPending}
        onClick={save}
        data-testid="task.fields.save"
      >
        {t('action.save')}
      </Button>
    </div>
  )
}

function Checklist({ task }: { task: Task }) {
  const { t, words } = useWords()
  const write = useTaskAct()
  const may = Boolean(actionOf(task.actions, 'tick')?.allowed)
  return (
    <div className="checklist" data-testid="task.checklist" data-count={task.checklist.length}>
      <h3>{t('task.checklist')}</h3>
      {task.checklist.map((point, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a point is named by its number
        <div key={i}>
          <Checkbox
            checked={point.ticked}
            disabled={!may || point.ticked || write.isPending}
            onChange={() => write.mutate({ id: task.id, act: 'tick', body: { point: i } })}
            data-testid={`task.point:${i}`}
          >
            {words(point.text)}
          </Checkbox>
        </div>
      ))}
      <Refusal id="task.checklist" error={write.error} />
    </div>
  )
}

/** What a step wants done before it is decided: points to tick, fields to fill. */
export function TaskWork({ task }: { task: Task }) {
  const writes = task.writes.length > 0 && task.state === 'open'
  const order = useOrder(task.order_id, writes)
  return (
    <>
      {task.checklist.length > 0 && <Checklist task={task} />}
      {writes && order.data && <Fields task={task} order={order.data} />}
    </>
  )
}
