import { Link } from '@tanstack/react-router'
import { useDelegations } from '../api/admin'
import { useMe } from '../api/hooks'
import { useWords } from '../i18n'
import { When } from '../ui/Time'

/** While one stands in for somebody, or somebody for oneself, it is said on every page. */
export function DelegationStrip() {
  const { t } = useWords()
  const { data: me } = useMe()
  const { data } = useDelegations()
  const running = data?.filter(
    each => each.state === 'running' && [each.from.login, each.to.login].includes(me?.login ?? ''),
  )
  if (!running?.length) return null
  return (
    <div className="strip" role="status" data-testid="header.delegation" data-count={running.length}>
      {running.map(each => (
        <span key={each.id}>
          {each.to.login === me?.login
            ? t('absence.strip_to', { who: each.from.name })
            : t('absence.strip_from', { who: each.to.name })}{' '}
          <When at={each.ends_at} />
        </span>
      ))}
      <Link to="/settings/absence">{t('absence.strip_open')}</Link>
    </div>
  )
}
