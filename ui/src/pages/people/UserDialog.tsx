import { Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useDepartments } from '../../api/admin'
import { type User, usePutUser, useRoles } from '../../api/settings'
import { complete, type FieldSpec, Fields, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { changed, given } from '../../forms/faults'
import { useWords } from '../../i18n'
import { RoleEffect } from './RoleEffect'

/** A person: who they are, where they belong and what they may do. A new password is for the first sign-in only. */
export function UserDialog({ user, onClose }: { user?: User; onClose: () => void }) {
  const { t, words } = useWords()
  const roles = useRoles()
  const write = usePutUser()
  const departments = useDepartments()
  const before: Values = {
    login: user?.login ?? '',
    name: user?.name ?? '',
    department: user?.department ?? '',
    email: user?.email ?? '',
    password: '',
  }
  const [values, setValues] = useState(before)
  const [mine, setMine] = useState(user?.roles ?? [])
  const [once, setOnce] = useState(true)
  const specs: FieldSpec[] = [
    { name: 'login', label: t('user.login'), required: true, fixed: Boolean(user) },
    { name: 'name', label: t('user.name'), required: true },
    {
      name: 'department',
      label: t('user.department'),
      kind: 'choice',
      options: departments.data?.map(each => ({ value: each.code, label: words(each.name) })),
    },
    { name: 'email', label: t('user.email') },
    {
      name: 'password',
      label: t(user ? 'user.new_password' : 'user.first_password'),
      kind: 'secret',
      required: !user,
    },
  ]
  const send = () => {
    const { password, ...rest } = user ? changed(before, values) : given(values)
    write.mutate(
      {
        ...rest,
        login: values.login ?? '',
        roles: mine,
        ...(password && { password, password_once: once }),
      },
      { onSuccess: onClose },
    )
  }
  return (
    <FormDialog
      id="user"
      title={t(user ? 'user.edit' : 'user.new')}
      okText={t('action.save')}
      ready={complete(specs, values) && mine.length > 0}
      write={write}
      shown={[...specs.map(spec => spec.name), 'roles']}
      onSend={send}
      onClose={onClose}
    >
      <Fields id="user" specs={specs} values={values} onChange={setValues} />
      <label className="field">
        <span>{t('user.roles')}</span>
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('user.roles')}
          placeholder={t('people.choose')}
          value={mine}
          onChange={setMine}
          options={roles.data?.body.items.map(({ role, name }) => ({ value: role, label: words(name) }))}
          data-testid="user.roles"
        />
      </label>
      <RoleEffect before={user?.roles ?? []} after={mine} />
      {values.password && (
        <Checkbox checked={once} onChange={event => setOnce(event.target.checked)} data-testid="user.once">
          {t('user.once')}
        </Checkbox>
      )}
    </FormDialog>
  )
}
