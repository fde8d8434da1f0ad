import {
  ApartmentOutlined,
  AuditOutlined,
  BellOutlined,
  BranchesOutlined,
  CheckSquareOutlined,
  DeploymentUnitOutlined,
  FieldTimeOutlined,
  FormOutlined,
  HourglassOutlined,
  MailOutlined,
  MergeOutlined,
  PlayCircleOutlined,
  RollbackOutlined,
  SafetyOutlined,
  ShareAltOutlined,
  StopOutlined,
  TeamOutlined,
  ToolOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'

const icons: Record<string, ComponentType> = {
  start: PlayCircleOutlined,
  auto_check: SafetyOutlined,
  review: AuditOutlined,
  task: FormOutlined,
  customer_confirmation: TeamOutlined,
  cc: MailOutlined,
  notify: BellOutlined,
  exclusive: BranchesOutlined,
  parallel: MergeOutlined,
  inclusive: ShareAltOutlined,
  delay: HourglassOutlined,
  wait_event: FieldTimeOutlined,
  update_data: CheckSquareOutlined,
  connector_call: DeploymentUnitOutlined,
  subflow: ApartmentOutlined,
  go_to: RollbackOutlined,
  end: StopOutlined,
}

/** The sign of a type of steps, wherever steps are drawn. */
export function StepIcon({ type }: { type: string }) {
  const Icon = icons[type] ?? ToolOutlined
  return <Icon aria-hidden />
}
