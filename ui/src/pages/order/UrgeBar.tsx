import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTaskAct } from '../../api/acts'
import { readOrder } from '../../api/hooks'
import { asProblem } from '../../api/problem'
import type { OrderRow } from '../../api/types'
import { useWords } from '../../i18n'
import { actionOf, useReason } from '../../ui/ActionButton'
import { useDetail } from '../../ui/Time'

interface Outcome {
  number: string
  done: boolean
  text: string
}

/** Urges whoever holds the open tasks of the ticked orders, one order after the other, and says what became of each. */
export function UrgeBar({ rows, onNone }: { rows: OrderRow[]; onNone: () => void }) {
  const { t, words } = useWords()
  const act = useTaskAct()
  const reasonOf = useReason()
  const detailOf = useDetail()
  const busy = useRef(false)
  const [outcomes, setOutcomes] = useState<Outcome[]>()
  const [pending, setPending] = useState(false)

  const urgeOne = async (row: OrderRow): Promise<Outcome> => {
    const said = (done: boolean, text: string) => ({ number: row.number, done, text })
    const urged: string[] = []
    try {
      const open = (await readOrder(row.id)).tasks.filter(task => task.state === 'open')
      for (const task of open.filter(task => actionOf(task.actions, 'urge')?.allowed)) {
        await act.mutateAsync({ id: task.id, act: 'urge' })
        urged.push(words(task.node_name))
      }
      if (urged.length) return said(true, urged.join(t('list.comma')))
      const refused = open.map(task => actionOf(task.actions, 'urge')).find(action => action)
      return said(false, refused ? reasonOf(refused) : t('orders.nothing_to_urge'))
    } catch (error) {
      // Whoever was reminded was, whatever became of the others.
      const why = detailOf(asProblem(error))
      return said(urged.length > 0, [...urged, why].join(t('list.comma')))
    }
  }
  const urge = async () => {
    if (busy.current) return
    busy.current = true
    setPending(true)
    const all: Outcome[] = []
    for (const row of rows) {
      all.push(await urgeOne(row))
      setOutcomes([...all])
    }
    busy.current = false
    setPending(false)
  }
  return (
    <section className="card" aria-label={t('task.ticked', { count: rows.length })}>
      <div className="batch-bar" data-testid="orders.batch" data-count={rows.length}>
        <span className="strong">{t('task.ticked', { count: rows.length })}</span>
        <Button
          type="primary"
          disabled={!rows.length}
          loading={pending}
          onClick={() => void urge()}
          data-testid="orders.batch.urge"
        >
          {t('action.urge')}
        </Button>
        <Button
          disabled={pending}
          onClick={() => {
            setOutcomes(undefined)
            onNone()
          }}
          data-testid="orders.batch.none"
        >
          {t('task.tick_none')}
        </Button>
      </div>
      {outcomes && (
        <ul
          className="batch-outcomes"
          aria-live="polite"
          data-testid="orders.urged"
          data-count={outcomes.length}
        >
          {outcomes.map(({ number, done, text }) => (
            <li key={number} data-testid={`orders.urged:${number}`} data-done={done}>
              <span className="strong">{number}</span>{' '}
              <span className={done ? 'tag tag-green' : 'tag tag-grey'}>
                {t(done ? 'task.urged' : 'orders.not_urged')}
              </span>{' '}
              {text}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
