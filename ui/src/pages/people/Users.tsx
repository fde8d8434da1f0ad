import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useDepartments, useMay } from '../../api/admin'
import { type User, usePeople } from '../../api/settings'
import { useKeys } from '../../app/keys'
import { type PeopleView, peopleViews } from '../../app/places'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'
import { type Column, DataTable } from '../../table/DataTable'
import { TabBar } from '../../ui/TabBar'
import { HandRules } from './HandRules'
import { OrganisationForm } from './Organisation'
import { Roles } from './Roles'
import { useRoleName } from './roleNames'
import { UserDialog } from './UserDialog'
import { UserDrawer } from './UserDrawer'

export interface PeopleSearch {
  view: PeopleView
  q?: string
  department?: string
  role?: string
  login?: string
}

/** Who fits what is looked for; those who have left are shown only if asked for. */
const fits = (user: User, { q, department, role }: Partial<PeopleSearch>, gone: boolean) =>
  (gone || !user.disabled) &&
  (!department || user.department === department) &&
  (!role || user.roles.includes(role)) &&
  (!q || `${user.name} ${user.login} ${user.email ?? ''}`.toLowerCase().includes(q.toLowerCase()))

function People({
  search,
  onChange,
}: {
  search: PeopleSearch
  onChange: (next: Partial<PeopleSearch>) => void
}) {
  const { t, words } = useWords()
  const roleName = useRoleName()
  const writes = useMay()('write_users')
  const pages = usePeople()
  const departments = useDepartments()
  const [gone, setGone] = useState(false)
  const [editing, setEditing] = useState<User | 'new'>()
  useKeys({ n: () => setEditing('new') }, writes)
  const departmentName = (key: string | null | undefined) =>
    key ? words(departments.data?.find(each => each.code === key)?.name) || key : ''
  const roles = [...new Set(pages.rows?.flatMap(user => user.roles))]
  const { q, department, role } = search
  const shown = useMemo(
    () => pages.rows?.filter(user => fits(user, { q, department, role }, gone)),
    [pages.rows, q, department, role, gone],
  )
  const opened = pages.rows?.find(user => user.login === search.login)
  const columns: Column<User>[] = [
    { key: 'name', title: t('user.name'), cell: row => <span className="strong">{row.name}</span> },
    { key: 'login', title: t('user.login'), cell: row => row.login },
    {
      key: 'roles',
      title: t('user.roles'),
      cell: row => row.roles.map(roleName).join(t('list.comma')) || '–',
    },
    { key: 'department', title: t('user.department'), cell: row => departmentName(row.department) || '–' },
    { key: 'email', title: t('user.email'), cell: row => row.email ?? '–' },
    {
      key: 'state',
      title: t('user.state'),
      cell: row => (
        <span className={`tag ${row.disabled ? 'tag-grey' : 'tag-green'}`}>
          {t(row.disabled ? 'user.disabled' : 'user.active')}
        </span>
      ),
    },
  ]
  return (
    <>
      <search className="filters">
        <ListSearch
          id="users.q"
          label={t('user.search')}
          value={q}
          onChange={next => onChange({ q: next })}
        />
        <Select
          allowClear
          aria-label={t('user.department')}
          placeholder={t('user.department')}
          value={department}
          onChange={next => onChange({ department: next })}
          options={departments.data?.map(each => ({
            value: each.code,
            label: `${words(each.name)} (${each.members})`,
          }))}
          data-testid="users.department"
        />
        <Select
          allowClear
          aria-label={t('user.roles')}
          placeholder={t('user.roles')}
          value={role}
          onChange={next => onChange({ role: next })}
          options={roles.map(each => ({
            value: each,
            label: `${roleName(each)} (${pages.rows?.filter(user => !user.disabled && user.roles.includes(each)).length})`,
          }))}
          data-testid="users.role"
        />
        <Checkbox checked={gone} onChange={event => setGone(event.target.checked)} data-testid="users.gone">
          {t('user.show_disabled')}
        </Checkbox>
        {writes && (
          <Button type="primary" onClick={() => setEditing('new')} data-testid="users.new">
            {t('user.new')}
          </Button>
        )}
      </search>
      <DataTable
        id="users"
        label={t('user.view.people')}
        live="master"
        pages={{ ...pages, rows: shown, scope: JSON.stringify([q, department, role, gone]) }}
        keyOf={row => row.login}
        columns={columns}
        none={t('user.none')}
        onClear={
          q || department || role
            ? () => onChange({ q: undefined, department: undefined, role: undefined })
            : undefined
        }
        onOpen={row => onChange({ login: row.login })}
      />
      {opened && (
        <UserDrawer
          key={opened.login}
          user={opened}
          department={departmentName(opened.department)}
          onEdit={writes ? () => setEditing(opened) : undefined}
          onClose={() => onChange({ login: undefined })}
        />
      )}
      {editing && (
        <UserDialog user={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  )
}

/** Who works here, in which roles, and who answers for what. */
export default function Users() {
  const { t } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ from: '/settings/users' })
  return (
    <div className="page users" data-testid="users.page">
      <h1>{t('nav.users')}</h1>
      <TabBar
        id="users.view"
        label={t('nav.users')}
        value={search.view}
        options={peopleViews.map(key => ({ key, text: t(`user.view.${key}`) }))}
        onChange={view => navigate({ to: '/settings/users', search: { view } })}
      />
      {search.view === 'people' ? (
        <People
          search={search}
          onChange={next =>
            navigate({ from: '/settings/users', to: '/settings/users', search: old => ({ ...old, ...next }) })
          }
        />
      ) : search.view === 'roles' ? (
        <Roles />
      ) : (
        <>
          <OrganisationForm />
          <HandRules />
        </>
      )}
    </div>
  )
}
