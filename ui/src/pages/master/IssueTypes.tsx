import { useState } from 'react'
import { useDepartments, useMay } from '../../api/admin'
import { type IssueType, useIssueTypeList, useIssueTypes } from '../../api/settings'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { durationWords } from '../../ui/time'
import { IssueTypeDialog } from './IssueTypeDialog'
import { Tools } from './Tools'

const MINUTE_MS = 60_000

/** What problems are reported as, who handles each first, until when, and how. */
export function IssueTypes() {
  const { t, code, words } = useWords()
  const writes = useMay()('write_organisation')
  const { data } = useIssueTypes()
  const departments = useDepartments()
  const [editing, setEditing] = useState<IssueType | 'new'>()
  const handler = ({ department, role, user }: IssueType['handler']) => {
    if (department) return words(departments.data?.find(each => each.code === department)?.name) || department
    return role ? code('role', role) : user
  }
  const columns: Column<IssueType>[] = [
    { key: 'code', title: t('issues.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('issues.name'), cell: row => words(row.name) },
    { key: 'handler', title: t('issues.handler'), cell: row => handler(row.handler) },
    {
      key: 'answer',
      title: t('issues.answer'),
      right: true,
      cell: row => durationWords(row.answer_minutes * MINUTE_MS, t),
    },
    { key: 'guidance', title: t('issues.guidance'), cell: row => words(row.guidance) || '–' },
  ]
  return (
    <>
      <p className="quiet">{t('issues.note')}</p>
      <Tools id="issues" right="write_organisation" onNew={() => setEditing('new')} />
      <DataTable
        id="issues"
        label={t('master.view.issues')}
        live="master"
        pages={useIssueTypeList()}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={writes ? setEditing : undefined}
      />
      {editing && data && (
        <IssueTypeDialog
          read={data}
          type={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
