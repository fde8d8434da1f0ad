import {
  CheckCircleFilled,
  ClockCircleFilled,
  CloseCircleFilled,
  EllipsisOutlined,
  MinusCircleOutlined,
  RollbackOutlined,
  StopOutlined,
  SyncOutlined,
  ThunderboltFilled,
  WarningFilled,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { Standing } from './standing'

/** What a standing looks like, beside its colour and its word. */
export const marks: Record<Standing, ComponentType> = {
  ahead: EllipsisOutlined,
  waiting: ClockCircleFilled,
  in_hand: SyncOutlined,
  overdue: WarningFilled,
  under_way: SyncOutlined,
  passed: CheckCircleFilled,
  by_rule: ThunderboltFilled,
  returned: RollbackOutlined,
  refused: CloseCircleFilled,
  skipped: MinusCircleOutlined,
  closed: StopOutlined,
}
