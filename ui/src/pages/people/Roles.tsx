import { Link } from '@tanstack/react-router'
import { Alert, Select } from 'antd'
import { useState } from 'react'
import type { components } from '../../api/schema'
import { useRoles } from '../../api/settings'
import { useWords } from '../../i18n'
import { Failed, Loading } from '../../ui/states'

type Role = components['schemas']['Role']

function Compared({ roles, names }: { roles: Role[]; names: [string, string] }) {
  const { t, words, code } = useWords()
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
      {list(t('roles.only', { role: code('role', first.role) }), only(first, b))}
      {list(t('roles.both'), both)}
      {list(t('roles.only', { role: code('role', second.role) }), only(second, a))}
    </div>
  )
}

/** Which role may do what, who has it, and who holds two that should be apart. */
export function Roles() {
  const { t, words, code } = useWords()
  const { data, error, isPending, refetch } = useRoles()
  const [names, setNames] = useState<[string, string]>(['sales', 'finance'])
  if (isPending) return <Loading />
  if (error && !data) return <Failed id="roles" error={error} retry={() => refetch()} />
  const options = data.items.map(({ role }) => ({ value: role, label: code('role', role) }))
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
                  : {roles.map(role => code('role', role)).join(' + ')}. {words(reason)}
                </li>
              ))}
            </ul>
          }
        />
      )}
      <ul className="roles" data-testid="roles.list" data-count={data.items.length}>
        {data.items.map(({ role, members, rights }) => (
          <li key={role} className="card padded" data-testid={`roles.role:${role}`}>
            <h2>{code('role', role)}</h2>
            <Link to="/settings/users" search={{ view: 'people', role }} className="num">
              {t('roles.members', { count: members })}
            </Link>
            <p>{rights.map(right => words(right.text)).join(t('list.comma'))}</p>
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
    </>
  )
}
