import { useState } from 'react'
import { type SlaBoard, type TaskChoice, useSlaBoard } from '../../api/boards'
import type { HandOverChoice } from '../../api/report'
import { useWords } from '../../i18n'
import { Loading } from '../../ui/states'
import { Card, Count } from './Count'
import { HandOverRows } from './Handed'
import type { ViewProps } from './Overview'
import { daysAfter } from './period'
import { Rate } from './Rate'
import { TaskRows } from './TaskRows'
import { Unshown } from './Unshown'

type Open = (choice: TaskChoice, title: string) => void

interface Line {
  key: string
  name: string
  due: number
  breached: number
  choice: Omit<TaskChoice, 'set'>
}

/** How many of the tasks that were due were late, line by line. */
function Breaches({ id, title, lines, onOpen }: { id: string; title: string; lines: Line[]; onOpen: Open }) {
  const { t } = useWords()
  return (
    <section className="block">
      <h3>{title}</h3>
      <table className="table" data-testid={id} data-count={lines.length}>
        <thead>
          <tr>
            <th>{title}</th>
            {(['due', 'breached'] as const).map(name => (
              <th key={name} className="right">
                {t(`report.sla.${name}`)}
              </th>
            ))}
            <th className="right">{t('report.sla.rate')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(line => (
            <tr key={line.key}>
              <td>{line.name}</td>
              {(['due', 'breached'] as const).map(set => (
                <td key={set} className="right">
                  <Count
                    id={`${id}:${line.key}:${set}`}
                    n={line[set]}
                    onOpen={() => onOpen({ ...line.choice, set }, `${line.name} · ${t(`report.sla.${set}`)}`)}
                  />
                </td>
              ))}
              <td className="right">
                <Rate part={line.breached} whole={line.due} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** What is late now by how late it is, what is due on the days to come, and what was taken from somebody late. */
function NowAndNext({
  data,
  onOpen,
  onEscalated,
}: {
  data: SlaBoard
  onOpen: Open
  onEscalated: (department: string) => void
}) {
  const { t, code } = useWords()
  return (
    <div className="report-halves">
      <section className="block">
        <h3>{t('report.sla.ages')}</h3>
        <table className="table" data-testid="report.sla.ages" data-count={data.ages.length}>
          <tbody>
            {data.ages.map(({ age, tasks }) => (
              <tr key={age}>
                <td>{t(`report.sla.age.${age}`)}</td>
                <td className="right">
                  <Count
                    id={`report.sla.age:${age}`}
                    n={tasks}
                    onOpen={() => onOpen({ set: 'overdue', age }, t(`report.sla.age.${age}`))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="block">
        <h3>{t('report.sla.calendar')}</h3>
        <table className="table" data-testid="report.sla.calendar" data-count={data.calendar.length}>
          <tbody>
            {data.calendar.map(({ day, works, tasks }) => (
              <tr key={day}>
                <td>
                  {day} {!works && <span className="quiet">{t('report.sla.rest_day')}</span>}
                </td>
                <td className="right">
                  <Count
                    id={`report.sla.day:${day}`}
                    n={tasks}
                    onOpen={() =>
                      onOpen(
                        { set: 'upcoming', from: day, to: daysAfter(day, 1) },
                        `${t('report.sla.calendar')} ${day}`,
                      )
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="block">
        <h3>{t('report.sla.escalated')}</h3>
        {data.escalated.length === 0 && <p className="quiet">{t('report.sla.none_escalated')}</p>}
        <table className="table" data-testid="report.sla.escalated" data-count={data.escalated.length}>
          <tbody>
            {data.escalated.map(({ department, hand_overs }) => (
              <tr key={department}>
                <td>{department ? code('department', department) : t('report.handed.no_department')}</td>
                <td className="right">
                  <Count
                    id={`report.sla.escalated:${department}`}
                    n={hand_overs}
                    onOpen={() => onEscalated(department)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  )
}

/** Whether work is done in time: what was due and late, what is late now, and what is due next. */
export function Sla({ period }: ViewProps) {
  const { t, code, words } = useWords()
  const [opened, setOpened] = useState<{ choice: TaskChoice; title: string }>()
  const [escalated, setEscalated] = useState<HandOverChoice>()
  const { data, error, isPending, refetch } = useSlaBoard(period)
  if (isPending) return <Loading rows={6} />
  if (!data) return <Unshown id="report.sla" error={error} retry={() => refetch()} />
  const open: Open = (choice, title) => setOpened({ choice, title })
  const nobody = t('report.handed.no_department')
  const late = data.ages.reduce((sum, { tasks }) => sum + tasks, 0)
  return (
    <>
      <ul className="report-cards" data-testid="report.sla">
        <Card
          id="report.sla.breached"
          title={t('report.sla.rate')}
          n={data.breached}
          onOpen={() => open({ set: 'breached' }, t('report.sla.breached'))}
          note={
            <>
              {t('report.sla.of_due', { breached: data.breached, due: data.due })} · {t('report.previous')}{' '}
              <Rate part={data.previous_breached} whole={data.previous_due} />
            </>
          }
        >
          <Rate part={data.breached} whole={data.due} />
        </Card>
        <Card
          id="report.sla.overdue"
          title={t('report.sla.overdue')}
          n={late}
          onOpen={() => open({ set: 'overdue' }, t('report.sla.overdue'))}
        >
          {late}
        </Card>
        <Card
          id="report.sla.urged"
          title={t('report.sla.urges')}
          n={data.urged}
          onOpen={() => open({ set: 'urged' }, t('report.sla.urged'))}
          note={t('report.sla.urges_of', { urges: data.urges, tasks: data.urged, opened: data.opened })}
        >
          {data.opened ? ((data.urges / data.opened) * 100).toFixed(1) : '–'}
        </Card>
      </ul>
      <NowAndNext
        data={data}
        onOpen={open}
        onEscalated={department => setEscalated({ set: 'escalated', department })}
      />
      <div className="report-halves">
        <Breaches
          id="report.sla.steps"
          title={t('report.step')}
          onOpen={open}
          lines={data.steps.map(({ flow, node_id, node_name, due, breached }) => ({
            key: `${flow ?? ''}:${node_id}`,
            name: words(node_name),
            due,
            breached,
            choice: { node: node_id, step_flow: flow ?? '' },
          }))}
        />
        <Breaches
          id="report.sla.departments"
          title={t('report.department')}
          onOpen={open}
          lines={data.departments.map(({ department, due, breached }) => ({
            key: department,
            name: department ? code('department', department) : nobody,
            due,
            breached,
            choice: { department },
          }))}
        />
        {data.leads && (
          <Breaches
            id="report.sla.people"
            title={t('report.sla.person')}
            onOpen={open}
            lines={data.people.map(({ login, name, due, breached }) => ({
              key: login,
              name,
              due,
              breached,
              choice: { person: login },
            }))}
          />
        )}
      </div>
      {opened && <TaskRows {...opened} period={period} onClose={() => setOpened(undefined)} />}
      {escalated && (
        <HandOverRows choice={escalated} period={period} onClose={() => setEscalated(undefined)} />
      )}
    </>
  )
}
