import {
  CheckCircleFilled,
  ClockCircleOutlined,
  MinusCircleOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons'
import { Segmented } from 'antd'
import { type ComponentType, useState } from 'react'
import { useMe } from '../../../api/hooks'
import type { Order, RouteStep } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Remaining, When } from '../../../ui/Time'
import { useWide } from '../../../ui/useWide'
import { OrderTasks } from '../acts/OrderTasks'
import { FlowMap } from '../map/FlowMap'

/** Narrower screens have no room for lanes side by side. */
const WIDE_PX = 900

const ICON: Record<RouteStep['state'], ComponentType> = {
  done: CheckCircleFilled,
  open: SyncOutlined,
  waiting: ClockCircleOutlined,
  skipped: MinusCircleOutlined,
  closed: StopOutlined,
}

function Step({ step }: { step: RouteStep }) {
  const { t, words, code } = useWords()
  const Icon = ICON[step.state]
  return (
    <li
      className={`step step-${step.state}`}
      data-testid={`order.step:${step.node_id}`}
      data-state={step.state}
    >
      <span className="step-icon">
        <Icon aria-hidden />
      </span>
      <div>
        <p>
          <span className="strong">{words(step.name)}</span>{' '}
          {step.department && <span className="quiet">{code('department', step.department)}</span>}{' '}
          {words(step.lane) && <span className="quiet">· {words(step.lane)}</span>}
        </p>
        <p className="quiet">
          {code('step_state', step.state)}
          {step.by_rule ? ` · ${t('order.by_rule')}` : step.by ? ` · ${step.by.name}` : ''}
          {step.since && (
            <>
              {' '}
              · <When at={step.since} />
            </>
          )}{' '}
          {step.state === 'open' && step.due_at && <Remaining due={step.due_at} since={step.since} />}
        </p>
        {words(step.because) && (
          <p>
            {step.state === 'skipped' && words(step.lane)
              ? t('order.not_needed', { lane: words(step.lane), basis: words(step.because) })
              : words(step.because)}
          </p>
        )}
      </div>
    </li>
  )
}

function Steps({ order }: { order: Order }) {
  return (
    <ol className="steps" data-testid="order.route" data-count={order.route.length} data-live="order">
      {order.route.map(step => (
        <Step key={step.node_id} step={step} />
      ))}
    </ol>
  )
}

/** The way of the order as a map of its flow, for whoever may read flows, and as a list for everybody. */
export function Flow({ order }: { order: Order }) {
  const { t, words } = useWords()
  const { data: me } = useMe()
  const [view, setView] = useState<'map' | 'list'>('map')
  const isWide = useWide(WIDE_PX)
  const hasMap = isWide && Boolean(me?.may.includes('read_flows'))
  return (
    <section>
      <header className="chart-head">
        <h3>
          {words(order.flow.name)} <span className="quiet">v{order.flow.version}</span>
        </h3>
        {hasMap && (
          <Segmented
            size="small"
            aria-label={t('report.shown_as', { what: words(order.flow.name) })}
            value={view}
            onChange={setView}
            options={[
              { value: 'map', label: t('order.map.as_map') },
              { value: 'list', label: t('order.map.as_list') },
            ]}
            data-testid="order.flow.view"
          />
        )}
      </header>
      {hasMap && view === 'map' ? <FlowMap order={order} /> : <Steps order={order} />}
      <OrderTasks order={order} />
    </section>
  )
}
