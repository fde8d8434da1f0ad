import {
  CheckCircleFilled,
  ClockCircleOutlined,
  MinusCircleOutlined,
  StopOutlined,
  SyncOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { Order, RouteStep } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Remaining, When } from '../../../ui/Time'
import { OrderTasks } from '../acts/OrderTasks'

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

export function Flow({ order }: { order: Order }) {
  const { words } = useWords()
  return (
    <section>
      <h3>
        {words(order.flow.name)} <span className="quiet">v{order.flow.version}</span>
      </h3>
      <ol className="steps" data-testid="order.route" data-count={order.route.length} data-live="order">
        {order.route.map(step => (
          <Step key={step.node_id} step={step} />
        ))}
      </ol>
      <OrderTasks order={order} />
    </section>
  )
}
