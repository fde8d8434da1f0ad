import { Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import {
  type CancelReason,
  type Tagged,
  useCancelReasonList,
  useCancelReasons,
  usePutCancelReasons,
} from '../../api/settings'
import { Conflict, useItemConflict, withItem, without } from '../../forms/Conflict'
import { complete, differing, type FieldSpec, Fields, pathOf, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { SHIPPED_REASONS } from '../../ui/codes'
import { Tools } from './Tools'

const isShipped = (code: string) => SHIPPED_REASONS.some(known => known === code)

const typed = (reason: CancelReason | undefined): Values => ({ code: reason?.code ?? '', ...reason?.name })

function ReasonDialog({
  read,
  reason,
  onClose,
}: {
  read: Tagged<{ items: CancelReason[] }>
  reason?: CancelReason
  onClose: () => void
}) {
  const { t } = useWords()
  const write = usePutCancelReasons()
  const conflict = useItemConflict(read, write, onClose)
  const [values, setValues] = useState(() => typed(reason))
  const [removing, setRemoving] = useState(false)
  const specs: FieldSpec[] = [
    { name: 'code', label: t('reasons.code'), required: true, fixed: Boolean(reason) },
    { name: 'zh', path: 'name.zh', label: t('reasons.zh'), required: true },
    { name: 'en', path: 'name.en', label: t('reasons.en') },
  ]
  const save = (remove: boolean) => {
    setRemoving(remove)
    const { code = '', zh = '', en = '' } = values
    const next = { code, name: { zh, en: en.trim() || zh } }
    const isNew = !reason && !conflict.isStale
    conflict.put(items => (remove ? without(items, code) : withItem(items, next, isNew)))
  }
  const theirs = read.body.items.find(each => each.code === values.code)
  const takeTheirs = () => {
    conflict.yield()
    if (theirs) setValues(typed(theirs))
    else onClose()
  }
  return (
    <FormDialog
      id="reason"
      title={t(reason ? 'reasons.edit' : 'reasons.new')}
      okText={t('action.save')}
      ready={complete(specs, values) && !conflict.isStale}
      write={conflict.isStale ? { ...write, error: null } : write}
      shown={specs.map(pathOf)}
      onSend={() => save(false)}
      onClose={onClose}
    >
      <Fields id="reason" specs={specs} values={values} onChange={setValues} />
      {reason && isShipped(reason.code) && <p className="quiet">{t('reasons.shipped')}</p>}
      {reason && !isShipped(reason.code) && !conflict.isStale && (
        <div>
          <Button danger loading={write.isPending} onClick={() => save(true)} data-testid="reason.remove">
            {t('reasons.remove')}
          </Button>
        </div>
      )}
      {conflict.isStale && (
        <Conflict
          id="reason"
          rows={differing(specs, removing ? undefined : values, theirs && typed(theirs))}
          pending={write.isPending}
          onTheirs={takeTheirs}
          onMine={() => save(removing)}
        />
      )}
    </FormDialog>
  )
}

/** For what orders are cancelled. */
export function Reasons() {
  const { t } = useWords()
  const writes = useMay()('write_organisation')
  const { data } = useCancelReasons()
  const [editing, setEditing] = useState<CancelReason | 'new'>()
  const columns: Column<CancelReason>[] = [
    { key: 'code', title: t('reasons.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'zh', title: t('reasons.zh'), cell: row => <span lang="zh">{row.name.zh}</span> },
    { key: 'en', title: t('reasons.en'), cell: row => <span lang="en">{row.name.en}</span> },
  ]
  return (
    <>
      <p className="quiet">{t('reasons.note')}</p>
      <Tools id="reasons" right="write_organisation" onNew={() => setEditing('new')} />
      <DataTable
        id="reasons"
        label={t('master.view.reasons')}
        live="master"
        pages={useCancelReasonList()}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={writes ? setEditing : undefined}
      />
      {editing && data && (
        <ReasonDialog
          read={data}
          reason={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}
