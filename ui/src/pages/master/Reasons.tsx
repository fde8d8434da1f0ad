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
import { complete, type FieldSpec, Fields, pathOf, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { SHIPPED_REASONS } from '../../ui/codes'
import { Tools } from './Tools'

const isShipped = (code: string) => SHIPPED_REASONS.some(known => known === code)

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
  // What the dialog began with: somebody else may change the list meanwhile, and is not to be overwritten.
  const [{ body, tag }] = useState(read)
  const { items } = body
  const [values, setValues] = useState<Values>({ code: reason?.code ?? '', ...reason?.name })
  const specs: FieldSpec[] = [
    { name: 'code', label: t('reasons.code'), required: true, fixed: Boolean(reason) },
    { name: 'zh', path: 'name.zh', label: t('reasons.zh'), required: true },
    { name: 'en', path: 'name.en', label: t('reasons.en') },
  ]
  const put = (next: CancelReason[]) => write.mutate({ tag, body: { items: next } }, { onSuccess: onClose })
  const send = () => {
    const { code = '', zh = '', en = '' } = values
    const next = { code, name: { zh, en: en.trim() || zh } }
    put(reason ? items.map(each => (each.code === reason.code ? next : each)) : [...items, next])
  }
  return (
    <FormDialog
      id="reason"
      title={t(reason ? 'reasons.edit' : 'reasons.new')}
      okText={t('action.save')}
      ready={complete(specs, values)}
      write={write}
      shown={specs.map(pathOf)}
      onSend={send}
      onClose={onClose}
    >
      <Fields id="reason" specs={specs} values={values} onChange={setValues} />
      {reason && isShipped(reason.code) && <p className="quiet">{t('reasons.shipped')}</p>}
      {reason && !isShipped(reason.code) && (
        <div>
          <Button
            danger
            loading={write.isPending}
            onClick={() => put(items.filter(each => each.code !== reason.code))}
            data-testid="reason.remove"
          >
            {t('reasons.remove')}
          </Button>
        </div>
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
