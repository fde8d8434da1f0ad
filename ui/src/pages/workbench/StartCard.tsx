import { Link } from '@tanstack/react-router'
import { Button, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useStart } from '../../api/start'
import { useWords } from '../../i18n'
import { useSteady } from '../../ui/useSteady'

const DISMISSED = 'ordain.start.dismissed'

/** The way into the set-up, as long as something of it is open and nobody put it away. Then nothing is asked any more. */
export function StartCard() {
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(DISMISSED) === 'yes')
  const dismiss = useSteady(() => {
    localStorage.setItem(DISMISSED, 'yes')
    setDismissed(true)
  })
  return dismissed ? null : <Card onDismiss={dismiss} />
}

function Card({ onDismiss }: { onDismiss: () => void }) {
  const { t } = useWords()
  const { done } = useStart()
  const states = Object.values(done)
  const known = !states.includes(undefined)
  const finished = known && !states.includes(false)
  useEffect(() => {
    if (finished) onDismiss()
  }, [finished, onDismiss])
  if (!known || finished) return null
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
      <Button type="text" size="small" onClick={onDismiss} data-testid="workbench.start.dismiss">
        {t('start.dismiss')}
      </Button>
    </section>
  )
}
