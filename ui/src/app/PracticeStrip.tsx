import { Button } from 'antd'
import { useEffect } from 'react'
import { useMe } from '../api/hooks'
import { useEndPractice } from '../api/practice'
import { useWords } from '../i18n'

/** While somebody practises, every page says so, on the screen and on paper, and holds the way back. */
export function PracticeStrip() {
  const { t, words } = useWords()
  const { data: me } = useMe()
  const end = useEndPractice()
  const practises = Boolean(me?.practice)
  useEffect(() => {
    document.body.classList.toggle('practising', practises)
  }, [practises])
  if (!me?.practice) return null
  return (
    <div className="practice-strip" role="status" data-testid="header.practice">
      <span className="strong">{t('practice.on')}</span>
      <span>
        {t('practice.as', { roles: me.role_names.map(words).join(t('list.comma')) })}{' '}
        {t('practice.nothing_real')}
      </span>
      <Button
        size="small"
        className="no-print"
        loading={end.isPending}
        onClick={() => end.mutate()}
        data-testid="practice.end"
      >
        {t('practice.end')}
      </Button>
    </div>
  )
}
