import { useNavigate } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { asProblem } from '../../api/problem'
import { useWords } from '../../i18n'
import { Failed } from '../../ui/states'

/** A board that cannot be shown. Where it is for the period, which the server bounds, it says so and offers another one. */
export function Unshown({ id, error, retry }: { id: string; error: unknown; retry: () => void }) {
  const { t } = useWords()
  const navigate = useNavigate()
  if (asProblem(error).code !== 'bad_period') return <Failed id={id} error={error} retry={retry} />
  const usual = () =>
    navigate({
      from: '/reports',
      to: '/reports',
      search: old => ({ ...old, days: 30, first: undefined, last: undefined }),
    })
  return (
    <Alert
      type="info"
      showIcon
      className="failed"
      role="alert"
      data-testid={`${id}.period_refused`}
      title={t('report.period_refused')}
      action={
        <Button size="small" onClick={usual} data-testid={`${id}.usual_period`}>
          {t('report.last_days', { count: 30 })}
        </Button>
      }
    />
  )
}
