import { Button } from 'antd'
import { useState } from 'react'
import { useWords } from '../../../i18n'

const steps = ['who', 'add', 'simulate', 'publish'] as const
const nameOf = (login: string) => `ordain.coach.${login}`

/** Four short hints for whoever opens the designer for the first time; they can be put away for good. */
export function Coach({ login }: { login: string }) {
  const { t } = useWords()
  const [at, setAt] = useState(() => (localStorage.getItem(nameOf(login)) ? steps.length : 0))
  const step = steps[at]
  if (!step) return null
  const end = () => {
    localStorage.setItem(nameOf(login), 'seen')
    setAt(steps.length)
  }
  return (
    <div className="coach" role="note" data-testid="design.coach" data-step={at}>
      <span className="strong num">
        {at + 1}/{steps.length}
      </span>
      <span className="grow">{t(`design.coach.${step}`)}</span>
      <Button size="small" type="text" onClick={end} data-testid="design.coach.end">
        {t('design.coach_end')}
      </Button>
      <Button
        size="small"
        onClick={() => (at + 1 < steps.length ? setAt(at + 1) : end())}
        data-testid="design.coach.next"
      >
        {t(at + 1 < steps.length ? 'design.coach_next' : 'design.coach_done')}
      </Button>
    </div>
  )
}
