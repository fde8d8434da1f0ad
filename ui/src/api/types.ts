/** View types of API v1. The server is the only source of these shapes; nothing here is a rule. */

export * from './entryTypes'

export type Text = { zh: string; en: string }
export type Words = Text | string | null | undefined
export type Severity = 'blocker' | 'warning' | 'info'
export type Status =
  | 'draft'
  | 'incomplete'
  | 'in_review'
  | 'awaiting_customer'
  | 'confirmed'
  | 'in_fulfilment'
  | 'completed'
  | 'cancelled'
  | 'rejected'
  | 'expired'
export type StageKey = 'receive' | 'check' | 'review' | 'customer' | 'execute'
export type StageState = 'done' | 'current' | 'waiting' | 'failed' | 'skipped'

export interface Person {
  id: string
  login: string
  name: string
}

export interface Finding {
  id: string
  code: string
  severity: Severity
  check: string
  path: string
  line_id: string | null
  facts: Record<string, string>
  mend_by: { kind: 'sender' | 'department'; department: string | null }
  message: Text
  how: Text
  state: 'open' | 'accepted'
  accepted: { by: Person | string; at: string; reason: string } | null
  acceptable: boolean
}

export interface Question {
  id: string
  finding_id: string | null
  to: 'customer' | 'sales'
  text: string
  due_at: string | null
  state: 'open' | 'answered' | 'withdrawn'
  asked_by: Person
  asked_at: string
  answer: { text: string; by: Person | string; at: string } | null
}

export interface Assignee {
  kind: 'user' | 'department' | 'role'
  key: string
  name: Words
  persons: Person[]
}

export interface Action {
  name: string
  allowed: boolean
  reason_code: string | null
}

export type Decision = 'approve' | 'reject' | 'return'

export interface Task {
  id: string
  kind?: 'completion'
  order_id: string
  order_number: string
  customer_name: string | null
  total: string | null
  currency: string
  node_id: string
  node_name: Text
  department: string | null
  assignee: Assignee | null
  claimed_by: Person | null
  state: 'open' | 'done' | 'closed'
  why: Words
  opened_at: string
  due_at: string | null
  remind_at: string | null
  overdue: boolean
  findings: Finding[]
  sop: Words
  decided_by: Person | { rule: true } | null
  decided_at: string | null
  decision: Decision | null
  reason: string | null
  next: Words
  looks_at: string[]
  actions: Action[]
  task_version: number
}

export interface Atp {
  state: 'backed' | 'short' | 'none'
  date: string | null
  short: string
  from: { warehouse: string; quantity: string }[]
}

export interface Line {
  id: string
  product: string | null
  product_name: string | null
  quantity: string | null
  unit: string | null
  unit_price: string | null
  list_price: string | null
  price_source: string | null
  amount: string | null
  requested_date: string | null
  warehouse: string | null
  promise: Atp
  available: string | null
}

export interface Totals {
  net: string
  tax: string
  gross: string
  currency: string
}

export interface StageBarData {
  current: StageKey
  stages: { key: StageKey; state: StageState; entered_at: string | null; left_at: string | null }[]
}

export interface RouteStep {
  node_id: string
  name: Text
  type: string
  department: string | null
  state: 'waiting' | 'open' | 'done' | 'skipped' | 'closed'
  by: Person | null
  by_rule: boolean
  since: string | null
  due_at: string | null
  lane: Words
  because: Words
  who?: Assignee | Words
}

export interface WaitingOn {
  kind: 'sender' | 'task' | 'customer' | 'notice' | 'hold'
  node_id: string | null
  node_name: Words
  task_id: string | null
  who: Assignee | null
  since: string
  due_at: string | null
  overdue: boolean
  releases: Words
  because: { finding_code?: string | null; text: Text; facts?: Record<string, string> }[]
}

export interface ShipTo {
  name: string | null
  phone: string | null
  address: string | null
}
export interface Invoice {
  title: string | null
  tax_no: string | null
  kind: string | null
}

export interface OrderNotice {
  id: string
  template: string
  channel: 'mail' | 'in_app'
  to: string
  state: 'queued' | 'sent' | 'failed'
  queued_at: string
  sent_at: string | null
  attempts: number
  late: boolean
}

export interface Order {
  id: string
  number: string
  revision: number
  version: number
  status: Status
  flags: string[]
  channel: string
  source: { kind: string; name: string | null; hash: string | null; rows: string | null } | null
  customer: { code: string | null; name: string | null; level: string | null; matched: boolean }
  customer_po: string | null
  order_type: string | null
  currency: string | null
  requested_date: string | null
  payment_terms: string | null
  ship_to: ShipTo | null
  invoice: Invoice | null
  special_requests: string | null
  extra: Record<string, unknown>
  lines: Line[]
  totals: Totals | null
  findings: Finding[]
  questions: Question[]
  tasks: Task[]
  route: RouteStep[]
  stage: StageBarData
  waiting_on: WaitingOn[]
  sentence: Text
  promise: { state: 'backed' | 'short' | 'none'; date: string | null }
  flow: { key: string; version: number; name: Text }
  actions: Action[]
  receiver: Person | null
  reviewers: { person: Person | null; by_rule: boolean; node_name: Words; decision: string; at: string }[]
  notices: OrderNotice[]
  created_at: string
  submitted_at: string | null
  confirmed_at: string | null
  updated_at: string
}

export interface OrderRow {
  id: string
  number: string
  revision: number
  status: Status
  flags: string[]
  customer_code: string | null
  customer_name: string | null
  customer_po: string | null
  channel: string
  total: string | null
  currency: string | null
  stage: StageKey
  stage_bar: StageState[]
  waiting: {
    node_name: Words
    who: string | null
    since: string
    due_at: string | null
    overdue: boolean
  } | null
  promise_date: string | null
  requested_date: string | null
  created_at: string
  updated_at: string
}

export interface Me {
  id: string
  login: string
  name: string
  department: string | null
  roles: string[]
  lang: 'zh' | 'en'
  csrf: string
  company: { name: string; currency: string; timezone: string }
  menu: string[]
  counts: { tasks: number; overdue: number; notices_unread: number }
}

export interface WorkbenchData {
  sentence: Text
  tasks: Task[]
  counts: Record<
    | 'my_open'
    | 'overdue'
    | 'due_today'
    | 'confirm_today'
    | 'incomplete'
    | 'in_review'
    | 'confirmed_today'
    | 'stuck',
    number
  >
  stages: { stage: StageKey; count: number }[]
  by_department: { department: string; open: number; overdue: number }[]
  recent_orders: OrderRow[]
}

export interface TimelineItem {
  seq: number
  at: string
  actor: {
    kind: 'person' | 'rule' | 'system' | 'token'
    name: string
    id: string | null
    on_behalf: string | null
  }
  action: string
  title: Text
  reason: string | null
  changes: { path: string; before: unknown; after: unknown }[]
  details: Text[]
  hash: string
}

export interface Why {
  order_id: string
  number: string
  status: Status
  waiting_on: WaitingOn[]
  decisions: {
    node_id: string
    text: Text
    rows: { text: Text; field: string; value: string | null; holds: boolean }[]
  }[]
}

export type Queue = 'mine' | 'pool' | 'returned' | 'started' | 'done'

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}
export interface TaskPage extends Page<Task> {
  counts: Record<Queue, number>
}

export interface Notice {
  id: string
  at: string
  kind: string
  text: Text
  order_id: string | null
  task_id: string | null
  read: boolean
}
export interface NoticePage extends Page<Notice> {
  unread: number
}

export interface Customer {
  code: string
  name: string
  level?: string | null
}
export interface Product {
  code: string
  name: string
  unit: string | null
  list_price: string | null
}

export interface LiveEvent {
  seq: number
  kind: 'order' | 'task' | 'stock' | 'notice' | 'master'
  order_id: string | null
  number: string | null
  status: Status | null
  departments: string[]
}

export interface OrderQuery {
  q?: string
  status?: string
  stage?: string
  department?: string
  channel?: string
  customer?: string
  view?: 'all' | 'mine' | 'stuck' | 'incomplete' | 'today'
}
