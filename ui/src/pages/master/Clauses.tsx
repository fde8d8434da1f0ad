import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useClauses, usePutClause } from '../../api/master'
import type { Clause } from '../../api/types'
import type { FieldSpec } from '../../forms/Fields'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { When } from '../../ui/Time'
import { Tools } from './Tools'

const inForce = (clause: Clause) => clause.versions.find(each => each.version === clause.version)

/** A clause in both languages. Another text is a further version; orders keep the one they were made under. */
function ClauseDialog({ clause, onClose }: { clause?: Clause; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutClause()
  const text = clause && inForce(clause)?.text
  const fields: FieldSpec[] = [
    { name: 'code', label: t('clause.code'), required: true, fixed: Boolean(clause) },
    {
      name: 'required',
      label: t('clause.required'),
      kind: 'choice',
      required: true,
      options: ['yes', 'no'].map(value => ({ value, label: t(`fact.${value}`) })),
    },
    { name: 'zh', label: t('clause.zh'), kind: 'area', required: true },
    { name: 'en', label: t('clause.en'), kind: 'area' },
  ]
  return (
    <RecordDialog
      id="clause"
      title={t(clause ? 'clause.edit' : 'clause.new')}
      okText={t('action.save')}
      fields={fields}
      initial={{
        code: clause?.code ?? '',
        required: clause?.required ? 'yes' : 'no',
        zh: text?.zh ?? '',
        en: text?.en ?? '',
      }}
      write={write}
      onSend={({ code = '', required, zh = '', en = '' }) =>
        write.mutate({ code, required: required === 'yes', zh, en }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}

/** The standard clauses and the version of each that is in force. */
export function Clauses() {
  const { t, words } = useWords()
  const may = useMay()
  const [editing, setEditing] = useState<Clause | 'new'>()
  const columns: Column<Clause>[] = [
    { key: 'code', title: t('clause.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'text', title: t('clause.text'), cell: row => words(inForce(row)?.text) },
    {
      key: 'required',
      title: t('clause.required'),
      cell: row => row.required && <span className="tag tag-amber">{t('fact.yes')}</span>,
    },
    {
      key: 'version',
      title: t('clause.version'),
      right: true,
      cell: row => <span className="num">v{row.version}</span>,
    },
    { key: 'since', title: t('clause.since'), cell: row => <When at={inForce(row)?.since} /> },
  ]
  return (
    <>
      <Tools id="clauses" onNew={() => setEditing('new')} />
      <DataTable
        id="clauses"
        label={t('master.view.clauses')}
        live="master"
        pages={useClauses()}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <ClauseDialog
          clause={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
