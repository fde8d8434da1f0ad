import { Link } from '@tanstack/react-router'
import { type Coming, useAtpOn, useComing } from '../../api/supply'
import { useWords } from '../../i18n'
import { groupDigits } from '../../ui/money'
import { Failed, Loading } from '../../ui/states'
import { useZone } from '../../ui/Time'
import { dayIn } from '../../ui/time'
import { type AtpDay, atpDays } from './atpDays'

function Comes({ line, on }: { line: Coming; on: string }) {
  const { t } = useWords()
  return (
    <span className="nowrap">
      <span className={line.due_date === on ? 'num ink-green' : 'num ink-red'}>
        +{groupDigits(line.open)}
      </span>{' '}
      {line.number}
      {line.order_id && (
        <>
          {' '}
          <Link to="/orders/$id" params={{ id: line.order_id }}>
            {t('stock.for_order')}
          </Link>
        </>
      )}
    </span>
  )
}

function Day({ day, available, most }: { day: AtpDay; available: string | undefined; most: number }) {
  const { t } = useWords()
  return (
    <tr data-testid={`atp.day:${day.date}`} data-available={available}>
      <td className="num nowrap">{day.date}</td>
      <td className="right strong num" data-label={t('stock.atp')}>
        {available === undefined ? '–' : groupDigits(available)}
      </td>
      <td className="atp-bar" aria-hidden>
        <span className="bar-track">
          <span
            className="bar-fill"
            style={{ width: `${most > 0 ? Math.max(0, (Number(available ?? 0) / most) * 100) : 0}%` }}
          />
        </span>
      </td>
      <td>
        <span className="days coming">
          {day.comes.map(line => (
            <Comes key={`${line.number}:${line.line ?? ''}`} line={line} on={day.date} />
          ))}
        </span>
      </td>
    </tr>
  )
}

/** What can be promised from day to day, beside what comes in. */
export function AtpOverTime({ product }: { product: string }) {
  const { t } = useWords()
  const zone = useZone()
  const coming = useComing(product)
  const days = atpDays(dayIn(Date.now(), zone), coming.data ?? [])
  const answers = useAtpOn(product, coming.data ? days.map(day => day.date) : [])
  const refused = answers.find(answer => answer.error)
  const most = Math.max(...answers.map(answer => Number(answer.data?.available ?? 0)), 0)
  return (
    <section className="block" data-testid="product.atp">
      <h3>{t('stock.atp')}</h3>
      <p className="quiet">{t('stock.atp_how')}</p>
      {coming.isPending && <Loading rows={3} />}
      {coming.error && !coming.data && (
        <Failed id="product.atp" error={coming.error} retry={() => coming.refetch()} />
      )}
      {refused && <Failed id="product.atp" error={refused.error} retry={() => refused.refetch()} />}
      {coming.data && !refused && (
        <table className="table table-cards">
          <thead>
            <tr>
              <th>{t('stock.day')}</th>
              <th className="right">{t('stock.atp')}</th>
              <th className="atp-bar" aria-hidden />
              <th>{t('stock.comes')}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day, i) => (
              <Day key={day.date} day={day} available={answers[i]?.data?.available} most={most} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
