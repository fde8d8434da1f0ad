import { useState } from 'react'
import { type HappeningChoice, type TaskChoice, useOperationsBoard } from '../../api/boards'
import { useWords } from '../../i18n'
import { Loading } from '../../ui/states'
import { durationWords } from '../../ui/time'
import { Card, Count } from './Count'
import { HappeningRows } from './HappeningRows'
import type { ViewProps } from './Overview'
import { Sorts } from './Quality'
import { Rate } from './Rate'
import { TaskRows } from './TaskRows'
import { Unshown } from './Unshown'

const states = [
  ['all', undefined],
  ['sent', 'sent'],
  ['failed', 'failed'],
] as const

/** How the program runs: what it could not deliver, how far it is behind, and what it decides itself. */
export function Operations({ period }: ViewProps) {
  const { t, words } = useWords()
  const [tasks, setTasks] = useState<{ choice: TaskChoice; title: string }>()
  const [happenings, setHappenings] = useState<{ choice: HappeningChoice; title: string }>()
  const { data, error, isPending, refetch } = useOperationsBoard(period)
  if (isPending) return <Loading rows={4} />
  if (!data) return <Unshown id="report.operations" error={error} retry={() => refetch()} />
  const failed = data.channels.reduce((sum, channel) => sum + channel.failed, 0)
  const all = data.channels.reduce((sum, channel) => sum + channel.all, 0)
  const decided = data.by_people + data.by_system
  const open = (choice: HappeningChoice, title: string) => setHappenings({ choice, title })
  return (
    <>
      <ul className="report-cards" data-testid="report.operations">
        <Card
          id="report.operations.failed"
          title={t('report.operations.dead')}
          n={failed}
          onOpen={() => open({ kind: 'notice', state: 'failed' }, t('report.operations.dead'))}
          note={t('report.operations.of_notices', { part: failed, count: all })}
        >
          {failed}
        </Card>
        <Card
          id="report.operations.by_system"
          title={t('report.operations.by_system')}
          n={data.by_system}
          onOpen={() => setTasks({ choice: { set: 'by_system' }, title: t('report.operations.by_system') })}
          note={t('report.quality.of_decisions', { part: data.by_system, count: decided })}
        >
          <Rate part={data.by_system} whole={decided} />
        </Card>
        <Card
          id="report.operations.by_people"
          title={t('report.operations.by_people')}
          n={data.by_people}
          onOpen={() => setTasks({ choice: { set: 'by_people' }, title: t('report.operations.by_people') })}
        >
          {data.by_people}
        </Card>
      </ul>
      <p data-testid="report.operations.behind" data-count={data.behind}>
        {data.behind
          ? t('report.operations.behind', {
              count: data.behind,
              time: durationWords(data.lag_seconds * 1000, t),
            })
          : t('report.operations.abreast')}
      </p>
      <div className="report-halves">
        <section className="block">
          <h3>{t('report.operations.delivery')}</h3>
          {data.channels.length === 0 && <p className="quiet">{t('report.nothing')}</p>}
          <table className="table" data-testid="report.operations.channels" data-count={data.channels.length}>
            <thead>
              <tr>
                <th>{t('filter.channel')}</th>
                {states.map(([name]) => (
                  <th key={name} className="right">
                    {t(`report.operations.${name}`)}
                  </th>
                ))}
                <th className="right">{t('report.operations.rate')}</th>
              </tr>
            </thead>
            <tbody>
              {data.channels.map(channel => (
                <tr key={channel.channel}>
                  <td>{words(channel.name)}</td>
                  {states.map(([name, state]) => (
                    <td key={name} className="right">
                      <Count
                        id={`report.operations.channel:${channel.channel}:${name}`}
                        n={channel[name]}
                        onOpen={() =>
                          open({ kind: 'notice', about: channel.channel, state }, words(channel.name))
                        }
                      />
                    </td>
                  ))}
                  <td className="right">
                    <Rate part={channel.sent} whole={channel.sent + channel.failed} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
        <Sorts
          id="report.operations.calls"
          title={t('report.operations.calls')}
          kind="exception"
          timed
          sorts={data.failed_calls}
          onOpen={open}
        />
      </div>
      {tasks && <TaskRows {...tasks} period={period} onClose={() => setTasks(undefined)} />}
      {happenings && (
        <HappeningRows {...happenings} period={period} onClose={() => setHappenings(undefined)} />
      )}
    </>
  )
}
