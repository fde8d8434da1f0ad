import { Link } from '@tanstack/react-router'
import { Button, Progress } from 'antd'
import { useState } from 'react'
import { useStart } from '../../api/start'
import { useWords } from '../../i18n'

const DISMISSED = 'ordain.start.dismissed'

/** The way into the set-up, as long as something of it is open and nobody put it away. */
export function StartCard() {
  const { t } = useWords()
  const { done } = useStart()
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(DISMISSED) === 'yes')
  const states = Object.values(done)
  const open = states.filter(state => state === false).length
  if (dismissed || open === 0 || states.includes(undefined)) return null
  const count = states.filter(Boolean).length
  return (
    <section className="card start-card" aria-label={t('start.title')} data-testid="workbench.start">
      <Progress
        type="circle"
        size={44}
        percent={(count / states.length) * 100}
        format={() => `${count}/${states.length}`}
        aria-label={t('start.progress', { count, total: states.length })}
      />
      <span className="grow">
        <span className="strong">{t('start.title')}</span> <span className="quiet">{t('start.invite')}</span>
      </span>
      <Link to="/start" data-testid="workbench.start.open">
        {t('start.go_on')}
      </Link>
      <Button
        type="text"
        size="small"
        onClick={() => {
          localStorage.setItem(DISMISSED, 'yes')
          setDismissed(true)
        }}
        data-testid="workbench.start.dismiss"
      >
        {t('start.dismiss')}
      </Button>
    </section>
  )
}
