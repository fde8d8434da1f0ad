import { Alert } from 'antd'
import { useState } from 'react'
import type { Order, Shipment } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { Money, Quantity } from '../../../ui/Money'
import { Empty } from '../../../ui/states'
import { When } from '../../../ui/Time'
import { counted, firm, leftOf } from './leaving'
import { ShipDialog } from './ShipDialog'

/** How much of each line has left. */
function Progress({ order }: { order: Order }) {
  const { t } = useWords()
  return (
    <table className="table table-cards" data-testid="order.leaving">
      <thead>
        <tr>
          <th>{t('line.product')}</th>
          <th className="right">{t('line.quantity')}</th>
          <th className="right">{t('ship.left_already')}</th>
          <th className="right">{t('ship.to_leave')}</th>
        </tr>
      </thead>
      <tbody>
        {firm(order).lines.map(line => (
          <tr key={line.id} data-testid={`order.leaving:${line.id}`}>
            <td>
              <span className="strong">{line.product}</span>{' '}
              <span className="quiet">{line.product_name}</span>
            </td>
            <td className="right" data-label={t('line.quantity')}>
              <Quantity value={counted(line).quantity} unit={counted(line).unit} />
            </td>
            <td className="right" data-label={t('ship.left_already')}>
              <Quantity value={line.shipped} unit={counted(line).unit} />
            </td>
            <td className="right strong" data-label={t('ship.to_leave')}>
              <Quantity value={leftOf(line)} unit={counted(line).unit} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Row({ shipment, order }: { shipment: Shipment; order: Order }) {
  const { t } = useWords()
  const products = new Map(firm(order).lines.map(line => [line.id, line]))
  return (
    <li className="event" data-testid={`order.shipment:${shipment.id}`}>
      <div className="event-body">
        <div>
          <span className="strong">{t('ship.nth', { n: shipment.id })}</span> <When at={shipment.at} /> ·{' '}
          {shipment.by.name}{' '}
          <span className="quiet">
            {t('ship.of_revision', { n: shipment.revision })}
            {shipment.carrier && ` · ${shipment.carrier}`}
          </span>{' '}
          <Money value={shipment.value} currency={order.currency} />
        </div>
        <ul className="days">
          {shipment.lines.map(part => (
            <li key={part.line}>
              {products.get(part.line)?.product ?? part.line} ×{' '}
              <Quantity value={part.quantity} unit={products.get(part.line)?.unit} />
              {part.late_days ? (
                <span className="tag tag-red">{t('ship.late', { days: part.late_days })}</span>
              ) : null}
            </li>
          ))}
        </ul>
        {shipment.note && <p className="event-reason">{shipment.note}</p>}
      </div>
    </li>
  )
}

/** Goods of the order that have left, and what stands in the way of the rest. */
export function Shipments({ order }: { order: Order }) {
  const { t, words } = useWords()
  const [asking, setAsking] = useState(false)
  const { shipments, obstacles } = order.fulfilment
  return (
    <>
      <div className="block-head">
        <h3>{t('order.tab.shipments')}</h3>
        <ActionButton
          actions={order.actions}
          name="ship"
          type="primary"
          onClick={() => setAsking(true)}
          data-testid="order.ship"
        />
      </div>
      {obstacles.length > 0 && (
        <Alert
          type="warning"
          showIcon
          data-testid="order.obstacles"
          title={t('ship.not_released')}
          description={obstacles.map(obstacle => <div key={words(obstacle)}>{words(obstacle)}</div>)}
        />
      )}
      {shipments.length === 0 ? (
        <Empty id="order.shipments" text={t('ship.none')} />
      ) : (
        <ul className="block" data-testid="order.shipments" data-count={shipments.length} data-live="order">
          {shipments.map(shipment => (
            <Row key={shipment.id} shipment={shipment} order={order} />
          ))}
        </ul>
      )}
      <Progress order={order} />
      {asking && <ShipDialog order={order} onClose={() => setAsking(false)} />}
    </>
  )
}
