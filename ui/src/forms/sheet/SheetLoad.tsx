import { UploadOutlined } from '@ant-design/icons'
import { Alert, Button, Input } from 'antd'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { asProblem } from '../../api/problem'
import type { Words } from '../../api/types'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'
import { textOf } from './file'
import { readSheet, type Sheet, type SheetColumn, type SheetRecord } from './sheet'

const SHOWN = 8
const NAMED = 12

export interface LoadResult {
  created: number
  updated: number
  unchanged: number
  findings: { path: string; message: Words }[]
}

/** What the server found wrong, by the row of the sheet that it is about. */
function useServerFaults(records: SheetRecord[]) {
  const { t, words } = useWords()
  return (findings: LoadResult['findings']) =>
    findings.map(({ path, message }) => {
      const [, index] = /^items\[(\d+)\]/.exec(path) ?? []
      const row = index === undefined ? undefined : records[Number(index)]?.row
      return row === undefined ? words(message) : t('sheet.server_fault', { row, fault: words(message) })
    })
}

/** A choice in the words that people write for it. */
const shown = ({ choices, kind }: SheetColumn, value: string | undefined, comma: string) =>
  choices && kind !== 'text'
    ? (value ?? '')
        .split(',')
        .map(each => choices.find(choice => choice.value === each)?.words[0] ?? each)
        .join(comma)
    : value

function Preview({
  sheet,
  columns,
  labelOf,
}: {
  sheet: Sheet
  columns: SheetColumn[]
  labelOf: (name: string) => string
}) {
  const { t } = useWords()
  const faulty = new Map(sheet.faults.map(({ row, column, text }) => [`${row}.${column}`, text]))
  const rest = sheet.records.length - SHOWN
  return (
    <div className="table-wrap">
      <table className="table cells-preview" data-testid="sheet.preview" data-count={sheet.records.length}>
        <thead>
          <tr>
            <th className="right">#</th>
            {columns.map(({ name }) => (
              <th key={name}>{labelOf(name)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.records.slice(0, SHOWN).map(({ row, values }) => (
            <tr key={row}>
              <td className="right quiet num">{row}</td>
              {columns.map(column => {
                const fault = faulty.get(`${row}.${column.name}`)
                return (
                  <td key={column.name} className={fault === undefined ? undefined : 'cells-faulty'}>
                    {shown(column, values[column.name], t('list.comma')) ||
                      (fault === '' ? t('sheet.wrong') : fault)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {rest > 0 && <p className="quiet">{t('sheet.more', { count: rest })}</p>}
    </div>
  )
}

/** Cells from a spreadsheet become records: pasted or from a file, looked at first, then sent at once. */
export function SheetLoad({
  id,
  columns,
  labelOf,
  keyColumns,
  example,
  onSend,
  waiting,
  busy,
  error,
  result,
}: {
  id: string
  columns: SheetColumn[]
  labelOf: (name: string) => string
  keyColumns: string[]
  example: string
  onSend: (records: SheetRecord[]) => void
  waiting: boolean
  busy: boolean
  error: unknown
  result: LoadResult | undefined
}) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [refused, setRefused] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const source = useDeferredValue(text)
  const sheet = useMemo(() => readSheet(source, columns, keyColumns), [source, columns, keyColumns])
  const serverFaults = useServerFaults(sheet.records)
  const pick = async (file: File | undefined) => {
    if (input.current) input.current.value = ''
    if (!file) return
    const read = textOf(new Uint8Array(await file.arrayBuffer()))
    setRefused('refused' in read ? t(`sheet.${read.refused}`, { name: file.name }) : undefined)
    if ('text' in read) setText(read.text)
  }
  const named = [
    ...sheet.absent.map(name => t('sheet.absent', { column: labelOf(name) })),
    ...sheet.leftOut.map(name => t('sheet.left_out', { column: name })),
    ...sheet.faults.map(({ row, column, text: cell, kind }) =>
      t(`sheet.fault.${kind}`, { row, column: labelOf(column), text: cell }),
    ),
  ]
  const problem = error ? asProblem(error) : undefined
  const fromServer = serverFaults(problem?.findings ?? result?.findings ?? [])
  const ready =
    sheet.records.length > 0 && sheet.faults.length === 0 && sheet.absent.length === 0 && source === text
  return (
    <div className="cells" data-testid={id}>
      <p className="quiet">
        {t('sheet.columns', {
          columns: columns.map(each => labelOf(each.name) + (each.required ? '*' : '')).join(t('list.comma')),
        })}
      </p>
      <Input.TextArea
        aria-label={t('sheet.cells')}
        placeholder={example}
        autoSize={{ minRows: 4, maxRows: 8 }}
        value={text}
        onChange={event => {
          setRefused(undefined)
          setText(event.target.value)
        }}
        data-testid={`${id}.cells`}
      />
      <input
        ref={input}
        type="file"
        hidden
        accept=".csv,.tsv,.txt"
        aria-label={t('sheet.file')}
        onChange={event => void pick(event.target.files?.[0])}
        data-testid={`${id}.file`}
      />
      {refused && <Alert type="error" showIcon role="alert" title={refused} data-testid={`${id}.refused`} />}
      {sheet.records.length > 0 && <Preview sheet={sheet} columns={columns} labelOf={labelOf} />}
      {named.length + fromServer.length > 0 && (
        <Alert
          type={ready && !fromServer.length ? 'info' : 'error'}
          role="alert"
          title={t('sheet.faults', { count: named.length + fromServer.length })}
          description={
            <ul
              className="paste-faults"
              data-testid={`${id}.faults`}
              data-count={named.length + fromServer.length}
            >
              {[...fromServer, ...named].slice(0, NAMED).map(each => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          }
        />
      )}
      {problem && !problem.findings.length && <Refusal id={id} error={error} />}
      {result && (
        <Alert
          type="success"
          showIcon
          role="status"
          data-testid={`${id}.result`}
          title={t('sheet.result', { ...result, left: result.findings.length })}
        />
      )}
      <div className="cells-acts">
        <Button
          icon={<UploadOutlined aria-hidden />}
          onClick={() => input.current?.click()}
          data-testid={`${id}.pick`}
        >
          {t('sheet.file')}
        </Button>
        <Button
          type="primary"
          disabled={!ready || waiting}
          loading={busy}
          onClick={() => onSend(sheet.records)}
          data-testid={`${id}.send`}
        >
          {t('sheet.send', { count: sheet.records.length })}
        </Button>
      </div>
    </div>
  )
}
