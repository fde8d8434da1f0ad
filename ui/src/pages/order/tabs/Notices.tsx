import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  FieldTimeOutlined,
} from '@ant-design/icons'
import type { Order, OrderNotice } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Empty } from '../../../ui/states'
import { Tag } from '../../../ui/Tags'
import { When } from '../../../ui/Time'

const LOOK = {
  queued: ['blue', ClockCircleOutlined],
  sent: ['green', CheckCircleOutlined],
  failed: ['red', CloseCircleOutlined],
} as const

function Row({ notice }: { notice: OrderNotice }) {
  const { t, code } = useWords()
  const [tone, Icon] = LOOK[notice.state]
  return (
    <li className="notice-row" data-testid={`order.notice:${notice.id}`} data-state={notice.state}>
      <span className="strong">{code('template', notice.template)}</span>
      <span className="quiet">{code('notice_channel', notice.channel)}</span>
      <span className="grow clip" title={notice.to}>
        {notice.to}
      </span>
      <Tag look={[tone, Icon]} text={code('notice_state', notice.state)} />
      {notice.late && <Tag look={['red', FieldTimeOutlined]} text={t('notice.late')} />}
      {notice.attempts > 1 && (
        <span className="quiet">{t('notice.attempts', { count: notice.attempts })}</span>
      )}
      <When at={notice.sent_at ?? notice.queued_at} />
    </li>
  )
}

export function Notices({ order }: { order: Order }) {
  const { t } = useWords()
  if (!order.notices.length) return <Empty id="order.notices" text={t('notice.none_sent')} />
  return (
    <ul data-testid="order.notices" data-count={order.notices.length} data-live="notice">
      {order.notices.map(notice => (
        <Row key={notice.id} notice={notice} />
      ))}
    </ul>
  )
}
