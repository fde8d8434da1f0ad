import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  EditOutlined,
  ExclamationCircleOutlined,
  FieldTimeOutlined,
  FlagOutlined,
  HourglassOutlined,
  InfoCircleOutlined,
  PauseCircleOutlined,
  PlayCircleOutlined,
  StopOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import type { Severity, Status } from '../api/types'
import { useWords } from '../i18n'

type Tone = 'grey' | 'blue' | 'green' | 'amber' | 'red'
type Look = [Tone, ComponentType]

const STATUS: Record<Status, Look> = {
  draft: ['grey', EditOutlined],
  incomplete: ['amber', ExclamationCircleOutlined],
  in_review: ['blue', HourglassOutlined],
  awaiting_customer: ['blue', ClockCircleOutlined],
  confirmed: ['green', CheckCircleOutlined],
  in_fulfilment: ['green', PlayCircleOutlined],
  completed: ['green', CheckCircleOutlined],
  cancelled: ['grey', StopOutlined],
  rejected: ['red', CloseCircleOutlined],
  expired: ['grey', FieldTimeOutlined],
}
const FLAGS: Record<string, Look> = {
  entered_later: ['blue', EditOutlined],
  on_hold: ['amber', PauseCircleOutlined],
  overdue: ['red', FieldTimeOutlined],
  exception: ['red', WarningOutlined],
  suspected_lost: ['red', WarningOutlined],
}
const SEVERITY: Record<Severity, Look> = {
  blocker: ['red', CloseCircleOutlined],
  warning: ['amber', WarningOutlined],
  info: ['blue', InfoCircleOutlined],
}

export function Tag({ look, text }: { look: Look; text: string }) {
  const [tone, Icon] = look
  return (
    <span className={`tag tag-${tone}`}>
      <Icon aria-hidden /> {text}
    </span>
  )
}

export function StatusTag({ status }: { status: Status }) {
  const { code } = useWords()
  return <Tag look={STATUS[status] ?? ['grey', FlagOutlined]} text={code('status', status)} />
}

export function Flags({ flags }: { flags: string[] }) {
  const { code } = useWords()
  return (
    <>
      {flags.map(flag => (
        <Tag key={flag} look={FLAGS[flag] ?? ['grey', FlagOutlined]} text={code('flag', flag)} />
      ))}
    </>
  )
}

export function SeverityTag({ severity }: { severity: Severity }) {
  const { code } = useWords()
  return <Tag look={SEVERITY[severity]} text={code('severity', severity)} />
}

export function SeverityIcon({ severity }: { severity: Severity }) {
  const { code } = useWords()
  const [tone, Icon] = SEVERITY[severity]
  return (
    <span className={`ink-${tone}`} role="img" aria-label={code('severity', severity)}>
      <Icon aria-hidden />
    </span>
  )
}
