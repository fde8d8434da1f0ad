import { Link } from '@tanstack/react-router'
import { Button, Drawer } from 'antd'
import { useDependence, useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { type User, usePutUser } from '../../api/settings'
import { useStartView } from '../../api/viewAs'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'
import { DependenceView } from './DependenceView'
import { useRoleName } from './roleNames'

/** A person and what depends on them. Nobody is disabled who has work open: it is handed over first. */
export function UserDrawer({
  user,
  department,
  onEdit,
  onClose,
}: {
  user: User
  department: string
  onEdit?: () => void
  onClose: () => void
}) {
  const { t } = useWords()
  const roleName = useRoleName()
  const may = useMay()
  const found = useDependence(user.id)
  const write = usePutUser()
  const view = useStartView()
  const { data: me } = useMe()
  const open = found.data?.open_tasks ?? 0
  const sole = found.data?.sole.length ?? 0
  const held = !user.disabled && (open > 0 || sole > 0)
  const facts = [
    ['login', user.login],
    ['roles', user.roles.map(roleName).join(t('list.comma'))],
    ['department', department],
    ['email', user.email],
    ['state', t(user.disabled ? 'user.disabled' : 'user.active')],
  ] as const
  return (
    <Drawer open size={560} title={user.name} onClose={onClose}>
      <div data-testid="user.drawer">
        <dl className="facts">
          {facts.map(([key, value]) => (
            <div key={key}>
              <dt>{t(`user.${key}`)}</dt>
              <dd>{value || '–'}</dd>
            </div>
          ))}
        </dl>
        <div className="beside">
          {onEdit && (
            <Button onClick={onEdit} data-testid="user.edit">
              {t('user.edit')}
            </Button>
          )}
          {may('write_users') && (
            <Button
              danger={!user.disabled}
              disabled={held || (!user.disabled && found.isPending)}
              loading={write.isPending}
              onClick={() => write.mutate({ login: user.login, disabled: !user.disabled })}
              data-testid="user.disable"
            >
              {t(user.disabled ? 'user.enable' : 'user.disable')}
            </Button>
          )}
          {may('write_users') &&
            !user.disabled &&
            user.login !== me?.login &&
            !me?.practice &&
            !me?.viewer && (
              <Button
                loading={view.isPending}
                onClick={() => view.mutate(user.id)}
                data-testid="user.view_as"
              >
                {t('view_as.start')}
              </Button>
            )}
          {!user.disabled && (
            <Link
              to="/settings/leavers"
              search={{ who: user.id }}
              className="button-link"
              data-testid="user.hand_over"
            >
              {t('user.hand_over')}
            </Link>
          )}
        </div>
        {held && may('write_users') && (
          <p className="ink-red" role="status" data-testid="user.held">
            {t('user.held', { open, sole })}
          </p>
        )}
        <Refusal id="user.drawer" error={write.error ?? view.error} />
        <h3>{t('user.depends')}</h3>
        {found.isPending && <Loading rows={4} />}
        {found.error && !found.data && <Failed id="user" error={found.error} retry={() => found.refetch()} />}
        {found.data && <DependenceView found={found.data} />}
      </div>
    </Drawer>
  )
}
