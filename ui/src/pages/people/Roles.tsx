import { Link } from '@tanstack/react-router'
import { Alert, Button, Select } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import type { components } from '../../api/schema'
import { useRoles } from '../../api/settings'
import { useWords } from '../../i18n'
import { Failed, Loading } from '../../ui/states'
import { RoleDialog } from './RoleDialog'
import { useRoleName } from './roleNames'

type Role = components['schemas']['Role']

function Compared({ roles, names }: { roles: Role[]; names: [string, string] }) {
  const { t, words } = useWords()
  const [first, second] = names.map(name => roles.find(role => role.role === name))
  if (!first || !second) return null
  const of = (role: Role) => new Set(role.rights.map(right => right.name))
  const [a, b] = [of(first), of(second)]
  const only = (role: Role, other: Set<string>) => role.rights.filter(right => !other.has(right.name))
  const both = first.rights.filter(right => b.has(right.name))
  const list = (title: string, rights: Role['rights']) => (
    <section>
      <h3>
        {title} <span className="num">{rights.length}</span>
      </h3>
      <ul className="plain">
        {rights.map(right => (
          <li key={right.name}>{words(right.text)}</li>
        ))}
      </ul>
    </section>
  )
  return (
    <div className="roles-compared" data-testid="roles.compared">
      {words(first.scope_text) !== words(second.scope_text) && (
        <p className="quiet" data-testid="roles.scopes">
          {t('scope.title')}:{' '}
          {[first, second].map(role => `${words(role.name)} – ${words(role.scope_text)}`).join('; ')}
        </p>
      )}
      {list(t('roles.only', { role: words(first.name) }), only(first, b))}
      {list(t('roles.both'), both)}
      {list(t('roles.only', { role: words(second.name) }), only(second, a))}
    </div>
  )
}

/** Which role may do what, who has it, and who holds two that should be apart; roles of the company's own are made here. */
export function Roles() {
  const { t, words } = useWords()
  const roleName = useRoleName()
  const writes = useMay()('write_users')
  const { data: known, error, isPending, refetch } = useRoles()
  const [editing, setEditing] = useState<{ role: Role; copy: boolean }>()
  const [names, setNames] = useState<[string, string]>(['sales', 'finance'])
  if (isPending) return <Loading />
  if (error && !known) return <Failed id="roles" error={error} retry={() => refetch()} />
  const data = known.body
  const options = data.items.map(({ role, name }) => ({ value: role, label: words(name) }))
  return (
    <>
      <p className="quiet">{t('roles.about')}</p>
      {data.conflicts.length === 0 ? (
        <Alert type="success" showIcon title={t('roles.no_conflict')} data-testid="roles.no_conflict" />
      ) : (
        <Alert
          type="warning"
          showIcon
          title={t('roles.conflicts', { count: data.conflicts.length })}
          data-testid="roles.conflicts"
          description={
            <ul className="plain">
              {data.conflicts.map(({ login, name, roles, reason }) => (
                <li key={`${login}.${roles.join()}`}>
                  <Link to="/settings/users" search={{ view: 'people', login }}>
                    {name}
                  </Link>
                  : {roles.map(roleName).join(' + ')}. {words(reason)}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <ul className="roles" data-testid="roles.list" data-count={data.items.length}>
        {data.items.map(role => (
          <li key={role.role} className="card padded" data-testid={`roles.role:${role.role}`}>
            <h2>
              {words(role.name)} {role.own && <span className="tag">{t('roles.own')}</span>}
            </h2>
            <Link to="/settings/users" search={{ view: 'people', role: role.role }} className="num">
              {t('roles.members', { count: role.members })}
            </Link>
            <p data-testid={`roles.scope:${role.role}`}>
              {t('scope.title')}: {words(role.scope_text)}
            </p>
            <p>{role.rights.map(right => words(right.text)).join(t('list.comma'))}</p>
            {writes && (
              <p className="beside">
                {role.own && (
                  <Button
                    size="small"
                    onClick={() => setEditing({ role, copy: false })}
                    data-testid={`roles.edit:${role.role}`}
                  >
                    {t('roles.edit')}
                  </Button>
                )}
                <Button
                  size="small"
                  onClick={() => setEditing({ role, copy: true })}
                  data-testid={`roles.copy:${role.role}`}
                >
                  {t('roles.copy')}
                </Button>
              </p>
            )}
          </li>
        ))}
      </ul>
      <h2>{t('roles.compare')}</h2>
      <div className="beside">
        {([0, 1] as const).map(nth => (
          <Select
            key={nth}
            value={names[nth]}
            aria-label={t('roles.compare')}
            options={options}
            onChange={role => setNames(nth ? [names[0], role] : [role, names[1]])}
            style={{ minWidth: 160 }}
            data-testid={`roles.compare:${nth}`}
          />
        ))}
      </div>
      <Compared roles={data.items} names={names} />
      {editing && <RoleDialog known={known} {...editing} onClose={() => setEditing(undefined)} />}
    </>
  )
}
