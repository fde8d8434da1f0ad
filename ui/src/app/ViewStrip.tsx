import { Button } from 'antd'
import { useMe } from '../api/hooks'
import { useEndView } from '../api/viewAs'
import { useWords } from '../i18n'

/** While somebody looks at what another sees, every page says so and holds the way back. */
export function ViewStrip() {
  const { t } = useWords()
  const { data: me } = useMe()
  const end = useEndView()
  if (!me?.viewer) return null
  return (
    <div className="practice-strip" role="status" data-testid="header.view">
      <span className="strong">{t('view_as.on', { name: me.name })}</span>
      <span>{t('view_as.about', { viewer: me.viewer })}</span>
      <Button
        size="small"
        className="no-print"
        loading={end.isPending}
        onClick={() => end.mutate()}
        data-testid="view.end"
      >
        {t('view_as.end')}
      </Button>
    </div>
  )
}
