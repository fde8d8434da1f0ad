import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CopyOutlined,
  DeleteOutlined,
  PlusOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { asProblem } from '../../api/problem'
import { type FormField, type Tagged, useOrderForm, usePutOrderForm } from '../../api/settings'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading, Refusal } from '../../ui/states'
import { blankField, faultyAt } from './draft'
import { FieldDialog } from './FieldDialog'
import { Preview } from './Preview'

function moved(fields: FormField[], at: number, by: 1 | -1) {
  const field = fields[at]
  return field ? fields.toSpliced(at, 1).toSpliced(at + by, 0, field) : fields
}

/** The fields as they are being changed. Earlier states are kept, to go back to. */
function useEditing(read: FormField[]) {
  const [states, setStates] = useState([read])
  const fields = states.at(-1) ?? read
  return {
    fields,
    changed: states.length > 1,
    set: (next: FormField[]) => setStates([...states, next]),
    undo: () => setStates(states.slice(0, -1)),
  }
}

function Editor({ read }: { read: Tagged<{ items: FormField[] }> }) {
  const { t, words, code, lang } = useWords()
  const { message } = App.useApp()
  const may = useMay()('write_organisation')
  const { fields, changed, set, undo } = useEditing(read.body.items)
  const [editing, setEditing] = useState<number | 'new'>()
  const write = usePutOrderForm()
  const problem = write.error ? asProblem(write.error) : null
  const faults = problem?.findings ?? []
  const save = () =>
    write.mutate(
      { tag: read.tag, body: { items: fields } },
      { onSuccess: () => message.success(t('form_field.saved')) },
    )
  const required = (field: FormField) =>
    t(
      field.required_when.length
        ? 'form_field.required_when'
        : `form_field.required_${field.required ? 'always' : 'no'}`,
    )
  return (
    <>
      {may && (
        <div className="beside">
          <Button
            type="primary"
            disabled={!changed}
            loading={write.isPending}
            onClick={save}
            data-testid="form.save"
          >
            {t('action.save')}
          </Button>
          <Button
            icon={<UndoOutlined aria-hidden />}
            disabled={!changed}
            onClick={undo}
            data-testid="form.undo"
          >
            {t('form_field.undo')}
          </Button>
          <Button
            icon={<PlusOutlined aria-hidden />}
            onClick={() => setEditing('new')}
            data-testid="form.add"
          >
            {t('form_field.add')}
          </Button>
        </div>
      )}
      <p className="quiet">{t('form_field.note')}</p>
      {problem && faults.length === 0 && <Refusal id="form" error={write.error} />}
      {faults.length > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          data-testid="form.faults"
          data-count={faults.length}
          title={problem?.detail}
          description={faults.map(fault => {
            const at = faultyAt(fault.path)
            const field = at === null ? undefined : fields[at]
            return (
              <div key={fault.id}>
                {field && <span className="strong">{words(field.name)} · </span>}
                {fault.message[lang === 'en' ? 'en' : 'zh']}
              </div>
            )
          })}
        />
      )}
      <div className="form-design">
        <section className="card tab-body" aria-label={t('form_field.fields')}>
          {fields.length === 0 && <Empty id="form" text={t('form_field.none')} />}
          {fields.length > 0 && (
            <table className="table table-cards" data-testid="form.fields" data-count={fields.length}>
              <thead>
                <tr>
                  <th>{t('form_field.name')}</th>
                  <th>{t('form_field.type')}</th>
                  <th>{t('form_field.place')}</th>
                  <th>{t('form_field.required')}</th>
                  {may && <th>{t('form_field.acts')}</th>}
                </tr>
              </thead>
              <tbody>
                {fields.map((field, at) => (
                  <tr
                    key={`${field.field}:${field.line}`}
                    className={faults.some(fault => faultyAt(fault.path) === at) ? 'row-faulty' : undefined}
                    data-testid={`form.field:${field.field}`}
                  >
                    <td>
                      <button
                        type="button"
                        className="link"
                        disabled={!may}
                        onClick={() => setEditing(at)}
                        data-testid={`form.edit:${field.field}`}
                      >
                        {words(field.name)}
                      </button>{' '}
                      <span className="quiet">{field.field}</span>
                    </td>
                    <td data-label={t('form_field.type')}>{code('field_type', field.type)}</td>
                    <td data-label={t('form_field.place')}>
                      {t(`form_field.place_${field.line ? 'line' : 'order'}`)}
                    </td>
                    <td data-label={t('form_field.required')}>{required(field)}</td>
                    {may && (
                      <td className="nowrap" data-label={t('form_field.acts')}>
                        <Button
                          type="text"
                          size="small"
                          disabled={at === 0}
                          aria-label={t('form_field.up')}
                          icon={<ArrowUpOutlined aria-hidden />}
                          onClick={() => set(moved(fields, at, -1))}
                        />
                        <Button
                          type="text"
                          size="small"
                          disabled={at === fields.length - 1}
                          aria-label={t('form_field.down')}
                          icon={<ArrowDownOutlined aria-hidden />}
                          onClick={() => set(moved(fields, at, 1))}
                        />
                        <Button
                          type="text"
                          size="small"
                          aria-label={t('form_field.duplicate')}
                          icon={<CopyOutlined aria-hidden />}
                          onClick={() =>
                            set(fields.toSpliced(at + 1, 0, { ...field, field: `${field.field}_2` }))
                          }
                        />
                        <Button
                          type="text"
                          size="small"
                          aria-label={t('form_field.remove')}
                          icon={<DeleteOutlined aria-hidden />}
                          onClick={() => set(fields.toSpliced(at, 1))}
                          data-testid={`form.remove:${field.field}`}
                        />
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </section>
        <Preview fields={fields} />
      </div>
      {editing !== undefined && (
        <FieldDialog
          field={(editing !== 'new' && fields[editing]) || blankField('text')}
          others={fields.filter((_, at) => at !== editing)}
          onDone={field => {
            set(editing === 'new' ? [...fields, field] : fields.toSpliced(editing, 1, field))
            setEditing(undefined)
          }}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}

/** What orders are asked for beside their own fields, changed without a programmer. */
export default function FormPage() {
  const { t } = useWords()
  const { data, error, isPending, refetch } = useOrderForm()
  return (
    <div className="page" data-testid="form.page">
      <h1>{t('nav.form')}</h1>
      {isPending && <Loading rows={4} />}
      {error && !data && <Failed id="form" error={error} retry={() => refetch()} />}
      {data && <Editor key={data.tag} read={data} />}
    </div>
  )
}
