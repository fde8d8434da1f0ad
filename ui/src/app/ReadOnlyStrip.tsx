import { useMe } from '../api/hooks'
import { useWords } from '../i18n'

/** While nothing can be changed, it is said on every page. */
export function ReadOnlyStrip() {
  const { t } = useWords()
  const { data: me } = useMe()
  if (!me?.read_only) return null
  return (
    <div className="strip" role="status" data-testid="header.read_only">
      <span>{t('nav.read_only')}</span>
    </div>
  )
}
