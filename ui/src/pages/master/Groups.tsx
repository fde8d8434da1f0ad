import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type CreditGroup, useGroups, usePutGroup } from '../../api/settings'
import { CustomersSelect } from '../../forms/CustomersSelect'
import { complete, type FieldSpec, Fields, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { Money } from '../../ui/Money'
import { Tools } from './Tools'

/** What is put: an empty field takes the value away. */
function bodyOf(values: Values, members: string[]): CreditGroup {
  const text = (name: string) => values[name]?.trim() || null
  return {
    code: values.code?.trim() ?? '',
    name: text('name'),
    currency: text('currency'),
    limit: text('limit'),
    limit_until: text('limit_until'),
    members,
  }
}

function GroupDialog({ group, onClose }: { group?: CreditGroup; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutGroup()
  const [values, setValues] = useState<Values>(
    Object.fromEntries(
      Object.entries(group ?? {}).flatMap(([name, value]) =>
        Array.isArray(value) ? [] : [[name, value ?? '']],
      ),
    ),
  )
  const [members, setMembers] = useState(group?.members ?? [])
  const specs: FieldSpec[] = [
    { name: 'code', label: t('group.code'), required: true, fixed: Boolean(group) },
    { name: 'name', label: t('group.name'), required: true },
    { name: 'limit', label: t('group.limit'), kind: 'decimal' },
    { name: 'currency', label: t('field.currency'), placeholder: t('price.usual_currency') },
    { name: 'limit_until', label: t('group.until'), kind: 'date' },
  ]
  return (
    <FormDialog
      id="group"
      title={t(group ? 'group.edit' : 'group.new')}
      okText={t('action.save')}
      ready={complete(specs, values)}
      write={write}
      shown={[...specs.map(spec => spec.name), 'members']}
      onSend={() => write.mutate(bodyOf(values, members), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Fields id="group" specs={specs} values={values} onChange={setValues} />
      <label className="field">
        <span>{t('group.members')}</span>
        <CustomersSelect
          id="group.members"
          label={t('group.members')}
          placeholder={t('group.find')}
          value={members}
          onChange={setMembers}
        />
      </label>
    </FormDialog>
  )
}

/** Customers that owe together, and the limit that they share. */
export function Groups() {
  const { t } = useWords()
  const may = useMay()
  const [editing, setEditing] = useState<CreditGroup | 'new'>()
  const columns: Column<CreditGroup>[] = [
    { key: 'code', title: t('group.code'), cell: row => <span className="strong">{row.code}</span> },
    { key: 'name', title: t('group.name'), cell: row => row.name ?? '–' },
    {
      key: 'limit',
      title: t('group.limit'),
      right: true,
      cell: row => (row.limit ? <Money value={row.limit} currency={row.currency ?? undefined} /> : '–'),
    },
    { key: 'until', title: t('group.until'), cell: row => row.limit_until ?? '–' },
    { key: 'members', title: t('group.members'), cell: row => row.members?.join(t('list.comma')) || '–' },
  ]
  return (
    <>
      <Tools id="groups" onNew={() => setEditing('new')} />
      <DataTable
        id="groups"
        label={t('master.view.groups')}
        live="master"
        pages={useGroups()}
        keyOf={row => row.code}
        columns={columns}
        none={t('master.none')}
        onOpen={may('write_master') ? setEditing : undefined}
      />
      {editing && (
        <GroupDialog group={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  )
}
