import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type SavedSet, usePutSavedSets, useSavedSetList, useSavedSets } from '../../api/settings'
import type { FieldSpec } from '../../forms/Fields'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Tools } from './Tools'

/** Values as they are typed: one on each line, or with commas between. */
const valuesOf = (text: string) =>
  text
    .split(/[\n,\uFF0C\u3001]/)
    .map(each => each.trim())
    .filter(Boolean)

function SetDialog({
  sets,
  tag,
  set,
  onClose,
}: {
  sets: SavedSet[]
  tag: string
  set?: SavedSet
  onClose: () => void
}) {
  const { t } = useWords()
  const write = usePutSavedSets()
  const fields: FieldSpec[] = [
    { name: 'code', label: t('saved_set.code'), required: true, fixed: Boolean(set) },
    { name: 'zh', label: t('saved_set.zh'), required: true },
    { name: 'en', label: t('saved_set.en') },
    { name: 'values', label: t('saved_set.values'), kind: 'area' },
  ]
  return (
    <RecordDialog
      id="saved_set"
      title={t(set ? 'saved_set.edit' : 'saved_set.new')}
      okText={t('action.save')}
      fields={fields}
      initial={{
        code: set?.code ?? '',
        zh: set?.name.zh ?? '',
        en: set?.name.en ?? '',
        values: set?.values.join('\n') ?? '',
      }}
      write={write}
      onSend={({ code = '', zh = '', en = '', values = '' }) => {
        const next = { code, name: { zh, en: en || zh }, values: valuesOf(values) }
        const items = set ? sets.map(each => (each.code === set.code ? next : each)) : [...sets, next]
        write.mutate({ body: { items }, tag }, { onSuccess: onClose })
      }}
      onClose={onClose}
    />
  )
}

/** Lists that the rules of flows name, such as the key customers. */
export function SavedSets() {
  const { t, words } = useWords()
  const may = useMay()
  const pages = useSavedSetList()
  const { data } = useSavedSets()
  const [editing, setEditing] = useState<SavedSet | 'new'>()
  const columns: Column<SavedSet>[] = [
    { key: 'code', title: t('saved_set.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('saved_set.name'), cell: row => words(row.name) },
    {
      key: 'count',
      title: t('saved_set.count'),
      right: true,
      cell: row => <span className="num">{row.values.length}</span>,
    },
    { key: 'values', title: t('saved_set.holds'), cell: row => row.values.slice(0, 8).join(', ') },
  ]
  return (
    <>
      <p className="quiet">{t('saved_set.note')}</p>
      <Tools id="saved_sets" onNew={() => setEditing('new')} />
      <DataTable
        id="saved_sets"
        label={t('master.view.sets')}
        live="master"
        pages={pages}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && data && (
        <SetDialog
          sets={data.body.items}
          tag={data.tag}
          set={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
