/** View types of API v1, all read from the contract (`schema.d.ts`, generated from the server's own description). */
import type { components } from './schema'

type S = components['schemas']
/**
 * The contract says `string` where the server sends one of a few words. `Narrow` names those words for the
 * code that switches on them; the compiler refuses a view that says anything the contract does not.
 */
type Narrow<T, N extends { [K in keyof N]: K extends keyof T ? T[K] : never }> = Omit<T, keyof N> & N

export type Text = S['Text']
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

export type Person = S['Person']
export type Assignee = S['Assignee']
export type Action = S['Action']
export type Attachment = S['Attachment']
export type Line = S['Line']
export type Totals = S['Totals']
export type ShipTo = S['ShipTo']
export type Invoice = S['Invoice']
export type TimelineItem = S['TimelineItem']
export type Notice = S['Notice']
export type NoticePage = S['NoticePage']
export type Customer = S['Customer']
export type Product = S['Product']
export type Atp = S['Promise']
export type WaitingOn = S['WaitingOn']
export type CheckLine = S['CheckLine']
export type CustomerDefaults = S['CustomerDefaults']
export type Why = S['Why']

export type Colleague = S['Colleague']
export type Exception = S['Exception']
export type ExceptionPage = S['ExceptionPage']
export type ByHand = S['ByHand']
export type StepChoice = S['StepChoice']
export type PeopleChoice = S['PeopleChoice']
export type AuditRow = S['AuditRow']
export type Damage = S['Damage']
export type IntakeItem = S['Intake']
export type Leave = S['Leave']
export type Delegation = S['Delegation']
export type Dependence = S['Dependence']
export type FlowVersion = S['FlowVersion']
export type Shipment = S['Shipment']
export type InvoiceOfOrder = S['InvoiceOfOrder']
export type Correction = S['Correction']
export type Payment = S['Payment']
export type Reversal = S['Reversal']
export type Complaint = S['Complaint']
export type Receivable = S['Receivable']
export type RecordHead = S['RecordHead']
export type ListedShipment = S['ListedShipment']
export type ListedInvoice = S['ListedInvoice']
export type ListedPayment = S['ListedPayment']
export type ListedComplaint = S['ListedComplaint']
export type CustomerCredit = S['CustomerCredit']
export type Clause = S['Clause']
export type Price = S['Price']
export type Stock = S['Stock']
export type StockMovement = S['StockMovement']
export type PurchaseLine = S['PurchaseLine']
export type WorkCentre = S['WorkCentre']
export type WorkOrder = S['WorkOrder']
export type LineSupply = S['LineSupply']
export type ShortageTask = Narrow<S['ShortageTask'], { kind: 'purchase' | 'work' }>
export type Preparation = S['Preparation']
export type Bom = S['Bom']
export type AtpAnswer = S['AtpAnswer']
export type Warehouse = S['Warehouse']
export type Replacement = S['Replacement']
export type SupplyPart = S['SupplyPart']
export type WayBack = 'step_by_step' | 'direct'
export type BatchResult = S['BatchResult']
export type ChangePreview = S['ChangePreview']

export type Decision = 'approve' | 'reject' | 'return'
export type Queue = 'mine' | 'pool' | 'standby' | 'returned' | 'cc' | 'started' | 'done'

export type Finding = Narrow<S['Finding'], { severity: Severity; state: 'open' | 'accepted' }>
export type Question = Narrow<
  S['Question'],
  { to: 'customer' | 'sales'; state: 'open' | 'answered' | 'withdrawn' }
>
export type Task = Narrow<
  S['Task'],
  {
    state: 'open' | 'done' | 'closed'
    decision: Decision | null
    findings: Finding[]
    returns: Narrow<S['ReturnChoice'], { ways: WayBack[] }>[]
  }
>
export type StageBarData = Narrow<
  S['StageBar'],
  { current: StageKey; stages: Narrow<S['StageOfBar'], { key: StageKey; state: StageState }>[] }
>
export type RouteStep = Narrow<S['RouteStep'], { state: 'waiting' | 'open' | 'done' | 'skipped' | 'closed' }>
export type OrderNotice = Narrow<S['NoticeOfOrder'], { state: 'queued' | 'sent' | 'failed' }>
export type OrderChange = S['OrderChange']
export type OrderChanges = S['OrderChanges']
export type Order = Narrow<
  S['Order'],
  {
    status: Status
    findings: Finding[]
    questions: Question[]
    tasks: Task[]
    route: RouteStep[]
    stage: StageBarData
    notices: OrderNotice[]
  }
>
export type OrderRow = Narrow<S['OrderRow'], { status: Status; stage: StageKey; stage_bar: StageState[] }>
export type Me = Narrow<S['Me'], { lang: 'zh' | 'en' }>
export type WorkbenchData = Narrow<
  S['WorkbenchData'],
  { tasks: Task[]; stages: Narrow<S['StageCount'], { stage: StageKey }>[]; recent_orders: OrderRow[] }
>
export type Workload = Narrow<
  S['Workload'],
  { first: Narrow<S['Pressing'], { task: Task; class: 'late' | 'today' | 'later' }>[] }
>
export type TaskPage = Narrow<S['TaskPage'], { items: Task[]; counts: Record<Queue | 'shortages', number> }>
export type CheckAnswer = Narrow<S['CheckAnswer'], { findings: Finding[]; route: RouteStep[] }>
export type LiveEvent = Narrow<
  S['LiveEvent'],
  { kind: 'order' | 'task' | 'stock' | 'notice' | 'master'; status: Status | null }
>

/** What the form does not show: it hands back what the order had, and says nothing of it for a new one. */
type Kept = 'payment_method' | 'delivery_terms' | 'clauses'
/** What the form sends. It fills in every other field of the contract's `OrderBody`, where all are optional. */
export type OrderBody = Required<Omit<S['OrderBody'], 'reasons' | 'lines' | 'ship_to' | 'invoice' | Kept>> &
  Pick<S['OrderBody'], Kept> & {
    ship_to: ShipTo
    invoice: Invoice
    lines: S['LineBody'][]
  }

/** The contract has one schema for each kind of page, with null and missing mixed; here it is one generic. */
export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** What of a queue of tasks is asked for. */
export interface TaskQuery {
  step?: string
  customer?: string
  amount_from?: string
  amount_to?: string
  currency?: string
  due?: string
  warehouse?: string
  department?: string
}
export interface OrderQuery {
  q?: string
  status?: string
  stage?: string
  department?: string
  channel?: string
  customer?: string
  amount_from?: string
  amount_to?: string
  currency?: string
  warehouse?: string
  view?: 'all' | 'mine' | 'stuck' | 'incomplete' | 'today'
}
