import { Link } from '@tanstack/react-router'
import { Select } from 'antd'
import { useState } from 'react'
import { useWorkload } from '../../api/hooks'
import type { Workload as WorkloadData } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Failed, Loading } from '../../ui/states'
import { TaskDue } from '../../ui/Time'

const DAYS = 10
const FIRST = 5

type Forecast = WorkloadData['departments'][number]

/** What is due and what will come on each of the coming working days, against what can be done. */
function Days({ days }: { days: Forecast['days'] }) {
  const { t } = useWords()
  const shown = days.slice(0, DAYS)
  const most = Math.max(1, ...shown.map(day => Math.max(day.due + day.expected, day.capacity ?? 0)))
  const width = (count: number) => ({ width: `${(count / most) * 100}%` })
  return (
    <ul className="bars" data-count={shown.length}>
      {shown.map(day => (
        <li
          key={day.date}
          className="load-day"
          data-testid={`workload.day:${day.date}`}
          data-tight={day.tight}
        >
          <span className="bar-name nowrap">
            {day.date.slice(5)}{' '}
            {day.month_end && <span className="tag tag-amber">{t('workload.month_end')}</span>}
          </span>
          <span className="bar-track">
            <span
              className={day.tight ? 'bar-fill bar-tight' : 'bar-fill'}
              style={width(day.due + day.expected)}
            />
          </span>
          <span className="num quiet nowrap">
            {t('workload.day', { due: day.due, expected: day.expected })}
            {day.capacity !== null && ` · ${t('workload.capacity', { count: day.capacity })}`}
          </span>
        </li>
      ))}
    </ul>
  )
}

function First({ first }: { first: WorkloadData['first'] }) {
  const { t, words } = useWords()
  return (
    <ol className="rows" data-count={first.length} data-testid="workload.first">
      {first.slice(0, FIRST).map(({ task, class: press, level }) => (
        <li key={task.id} className="row-task">
          <Link to="/orders/$id" params={{ id: task.order_id }} className="strong">
            {task.order_number}
          </Link>
          <span className={press === 'late' ? 'ink-red nowrap' : 'quiet nowrap'}>
            {t(`workload.${press}`)}
          </span>
          <span className="grow clip" title={task.customer_name ?? ''}>
            {task.customer_name} {level && <span className="tag tag-blue">{level}</span>}
          </span>
          <span className="clip row-why">{words(task.node_name)}</span>
          <span className="row-money">
            <Money value={task.total} currency={task.currency} />
          </span>
          <span className="row-clock">
            <TaskDue task={task} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** One's own department, or any of them for whoever belongs to none. */
export function Workload({ own }: { own: string | null }) {
  const { t, code } = useWords()
  const { data, error, isPending, refetch } = useWorkload()
  const [chosen, choose] = useState<string>()
  if (isPending) return <Loading rows={4} />
  if (!data) return <Failed id="workload" error={error} retry={() => refetch()} />
  const known = data.departments.map(each => each.department)
  const department = chosen ?? (own && known.includes(own) ? own : known[0])
  const forecast = data.departments.find(each => each.department === department)
  if (!forecast) return <p className="quiet pad">{t('workload.none')}</p>
  return (
    <>
      <div className="pad">
        <Select
          size="small"
          value={department}
          options={known.map(value => ({ value, label: code('department', value) }))}
          onChange={choose}
          popupMatchSelectWidth={false}
          aria-label={t('filter.department')}
          data-testid="workload.department"
        />
      </div>
      <Days days={forecast.days} />
      {data.first.length > 0 && (
        <>
          <h3 className="pad">{t('workload.first')}</h3>
          <First first={data.first} />
        </>
      )}
    </>
  )
}
