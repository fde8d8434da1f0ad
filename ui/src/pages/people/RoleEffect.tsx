import { Alert } from 'antd'
import { useRoles } from '../../api/settings'
import { useWords } from '../../i18n'
import { useRoleName } from './roleNames'

/** What other roles would mean, before they are saved: rights gained and lost, and roles that should be apart. */
export function RoleEffect({ before, after }: { before: string[]; after: string[] }) {
  const { t, words } = useWords()
  const roleName = useRoleName()
  const { data } = useRoles()
  if (!data) return null
  const rightsOf = (roles: string[]) =>
    new Map(
      data.body.items
        .filter(({ role }) => roles.includes(role))
        .flatMap(({ rights }) => rights.map(right => [right.name, words(right.text)] as const)),
    )
  const [had, has] = [rightsOf(before), rightsOf(after)]
  const only = (one: Map<string, string>, other: Map<string, string>) =>
    [...one].filter(([name]) => !other.has(name)).map(([, text]) => text)
  const [gained, lost] = [only(has, had), only(had, has)]
  const conflicts = data.body.apart.filter(({ roles }) => roles.every(role => after.includes(role)))
  const comma = t('list.comma')
  return (
    <div data-testid="user.effect" data-gained={gained.length} data-lost={lost.length}>
      {gained.length > 0 && <p className="quiet">{t('roles.gained', { rights: gained.join(comma) })}</p>}
      {lost.length > 0 && <p className="quiet">{t('roles.lost', { rights: lost.join(comma) })}</p>}
      {conflicts.map(({ roles, reason }) => (
        <Alert
          key={roles.join()}
          type="warning"
          showIcon
          title={`${roles.map(roleName).join(' + ')}: ${words(reason)}`}
          data-testid={`user.conflict:${roles.join('+')}`}
        />
      ))}
    </div>
  )
}
