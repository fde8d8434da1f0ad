/**
 * The settings of each type of step, as the drawer shows them: one entry each. Labels and the words of choices are those
 * that the server uses for them (`setting.vote`, `vote.any`), so that one setting has one wording.
 */

import type { Kind, Step } from './doc'
import type { Widget } from './widget'

export const tabs = ['who', 'rule', 'fields', 'actions', 'deadline', 'notices', 'work'] as const
export type SettingTab = (typeof tabs)[number]

/** How a value beside a choice is typed: `{"percent": 60}`, `{"user": "boss"}`. */
export type Beside = 'text' | 'number' | 'user' | 'department' | 'role' | 'step' | 'steps' | 'duration'
export interface Choice {
  value: string
  beside?: Beside
  /** What is written as `{"row": {…}}` rather than a plain word begins with this. */
  first?: unknown
}

export interface Setting {
  /** Where it stands below `kind`. */
  path: readonly string[]
  widget: Widget
  tab?: SettingTab
  /** Of the word for its name, where that is not its last part. */
  word?: string
  choices?: readonly Choice[]
  /** Prefix of the words for its choices, where it is not its name. */
  choiceWord?: string
  /** What it is while it is not written down. */
  otherwise?: unknown
  /** Nothing else says it: it is always written down. */
  always?: boolean
  /** The setting that says less of the same, and would stand beside it in vain. */
  shortForm?: string
}

const plain = (...values: string[]): Choice[] => values.map(value => ({ value }))
const proof = plain('optional', 'required')
const parties = ['department', 'role'] as const
const ranged = {
  tab: 'actions',
  choiceWord: 'range',
  widget: 'choice',
  choices: [
    ...plain('anyone', 'same_department'),
    ...parties.map(beside => ({ value: beside, beside, first: '' })),
  ],
} as const

const asking: readonly Setting[] = [
  { tab: 'who', path: ['assignee'], widget: 'sources', always: true },
  { tab: 'who', path: ['backup'], widget: 'party' },
  {
    tab: 'who',
    path: ['when_empty'],
    widget: 'choice',
    choices: [
      ...plain('process_admin', 'backup'),
      { value: 'user', beside: 'user', first: '' },
      { value: 'skip' },
    ],
    otherwise: 'process_admin',
  },
  { tab: 'who', path: ['guarded'], widget: 'flag' },
  {
    tab: 'who',
    path: ['same_as_initiator'],
    widget: 'choice',
    choices: plain('to_manager', 'allow', 'skip'),
    otherwise: 'to_manager',
  },
  {
    tab: 'who',
    path: ['repeats'],
    widget: 'choice',
    choices: plain('ask', 'pass_consecutive', 'pass_once'),
    otherwise: 'ask',
  },
  { tab: 'who', path: ['exclude'], widget: 'exclude' },
  {
    tab: 'rule',
    path: ['vote'],
    widget: 'choice',
    choices: [
      ...plain('any', 'all'),
      { value: 'percent', beside: 'number', first: 60 },
      { value: 'count', beside: 'number', first: 2 },
      ...plain('sequential', 'claim', 'round_robin', 'least_loaded'),
    ],
    otherwise: 'any',
  },
  {
    tab: 'rule',
    path: ['on_reject'],
    widget: 'choice',
    choices: [{ value: 'end' }, { value: 'return_to', beside: 'step', first: '' }],
    otherwise: 'end',
  },
  {
    tab: 'rule',
    path: ['reject_when'],
    widget: 'choice',
    choices: plain('decided', 'all_heard'),
    otherwise: 'decided',
  },
  {
    tab: 'rule',
    path: ['returns', 'targets'],
    word: 'returns',
    choiceWord: 'returns',
    widget: 'choice',
    choices: [...plain('any_passed', 'initiator'), { value: 'steps', beside: 'steps', first: [] }],
    otherwise: 'any_passed',
  },
  {
    tab: 'rule',
    path: ['returns', 'resume'],
    word: 'resume',
    choiceWord: 'resume',
    widget: 'choice',
    choices: plain('choose', 'step_by_step', 'direct'),
    otherwise: 'choose',
  },
  { tab: 'rule', path: ['returns', 'guards'], word: 'guards', widget: 'guards' },
  {
    tab: 'rule',
    path: ['withdraw'],
    widget: 'choice',
    choices: [...plain('until_next', 'never'), { value: 'minutes', beside: 'duration', first: 30 }],
    otherwise: 'until_next',
  },
  {
    tab: 'rule',
    path: ['comment'],
    widget: 'choice',
    choices: plain('optional', 'on_refusal', 'always'),
    otherwise: 'on_refusal',
  },
  { tab: 'rule', path: ['signature'], widget: 'choice', choices: plain('none', 'drawn'), otherwise: 'none' },
  { tab: 'rule', path: ['attachment'], widget: 'choice', choices: proof, otherwise: 'optional' },
  { tab: 'rule', path: ['batch', 'forbidden'], word: 'batch_forbidden', widget: 'flag' },
  { tab: 'rule', path: ['batch', 'max_amount'], word: 'batch_max', widget: 'money' },
  { tab: 'rule', path: ['reading', 'from_amount'], word: 'reading_from', widget: 'money' },
  { tab: 'fields', path: ['fields'], widget: 'access' },
  { tab: 'fields', path: ['requires'], widget: 'paths' },
  { tab: 'fields', path: ['looks_at'], widget: 'paths' },
  { tab: 'actions', path: ['without'], widget: 'actions' },
  { tab: 'actions', path: ['labels'], widget: 'labels' },
  { tab: 'actions', path: ['order'], widget: 'order' },
  { tab: 'actions', path: ['confirm'], widget: 'labels' },
  { tab: 'actions', path: ['buttons'], widget: 'own_buttons' },
  ...['transfer', 'delegate', 'add_signer'].map(
    (act): Setting => ({ ...ranged, path: ['ranges', act], word: `range_${act}` }),
  ),
  { tab: 'actions', path: ['hold_max_minutes'], widget: 'duration' },
  { tab: 'actions', path: ['phrases'], widget: 'texts' },
  { tab: 'deadline', path: ['deadline_minutes'], word: 'deadline', widget: 'duration' },
  { tab: 'deadline', path: ['remind_before_minutes'], word: 'remind_before', widget: 'duration' },
  {
    tab: 'deadline',
    path: ['deadline'],
    word: 'deadline_rules',
    widget: 'deadline_rules',
    shortForm: 'deadline_minutes',
  },
  { tab: 'notices', path: ['notices'], widget: 'notices' },
  { tab: 'work', path: ['sop'], widget: 'long_words', always: true },
  { tab: 'work', path: ['owns'], widget: 'checks' },
  { tab: 'work', path: ['auto_when_clear'], widget: 'flag' },
  { tab: 'work', path: ['skip_when'], widget: 'condition' },
  { tab: 'work', path: ['on_enter'], widget: 'assignments' },
  { tab: 'work', path: ['on_leave'], widget: 'assignments' },
  { tab: 'work', path: ['call_on_enter'], widget: 'hooks' },
  { tab: 'work', path: ['call_on_leave'], widget: 'hooks' },
]

const joining: readonly Setting[] = [
  {
    path: ['join'],
    choiceWord: 'block',
    widget: 'choice',
    choices: [...plain('all', 'any'), { value: 'at_least', beside: 'number', first: 2 }],
    otherwise: 'all',
  },
  {
    path: ['on_reject'],
    word: 'lane_reject',
    choiceWord: 'lane_reject',
    widget: 'choice',
    choices: plain('end', 'after_all', 'record'),
    otherwise: 'end',
  },
]

/** What every type of step has, written beside `kind`. */
export const common: readonly Setting[] = [
  { path: ['description'], widget: 'long_words' },
  { path: ['customer_name'], widget: 'words' },
  { path: ['tags'], word: 'step_tags', widget: 'word_list' },
  { path: ['on_error'], widget: 'choice', choices: plain('raise', 'ignore'), otherwise: 'raise' },
]

/** By the type of the step. */
export const settings: Record<string, readonly Setting[]> = {
  start: [
    { path: ['starters'], widget: 'parties' },
    { path: ['must_pass'], widget: 'checks' },
    {
      path: ['recall'],
      widget: 'choice',
      choices: plain('until_opened', 'until_decided', 'any_time', 'never'),
      otherwise: 'until_opened',
    },
    { path: ['title'], widget: 'title' },
    { path: ['summary'], widget: 'facts' },
  ],
  review: asking,
  task: [
    ...asking,
    { tab: 'work', path: ['checklist'], widget: 'texts' },
    { tab: 'work', path: ['outputs'], widget: 'word_list' },
  ],
  auto_check: [
    { path: ['checks'], widget: 'check_rules', always: true },
    { path: ['reserve_stock'], widget: 'flag' },
    { path: ['hold_minutes'], widget: 'duration' },
    { path: ['on_branch'], widget: 'side_lane' },
  ],
  customer_confirmation: [
    { path: ['template'], widget: 'template', always: true },
    {
      path: ['contact'],
      widget: 'choice',
      choices: [...plain('main', 'order'), { value: 'role', beside: 'text', first: '' }],
      otherwise: 'main',
    },
    { path: ['channels'], widget: 'channels' },
    { path: ['identity'], widget: 'proofs' },
    { path: ['tolerance', 'price_permille'], word: 'tolerance_price', widget: 'number' },
    { path: ['tolerance', 'quantity_permille'], word: 'tolerance_quantity', widget: 'number' },
    { path: ['tolerance', 'delivery_days'], word: 'tolerance_days', widget: 'number' },
    { path: ['deadline_minutes'], word: 'deadline', widget: 'duration' },
    { path: ['remind_before_minutes'], word: 'remind_before', widget: 'duration' },
    {
      path: ['on_lapse'],
      widget: 'choice',
      choices: plain('exception', 'expire', 'accept'),
      otherwise: 'exception',
    },
    { path: ['silence_is_consent'], widget: 'flag' },
    { path: ['recorder'], widget: 'party' },
    { path: ['attachment'], widget: 'choice', choices: proof, otherwise: 'optional' },
  ],
  cc: [
    { path: ['to'], widget: 'notify', always: true },
    { path: ['needs_receipt'], widget: 'flag' },
  ],
  notify: [
    { path: ['template'], widget: 'template', always: true },
    { path: ['to'], widget: 'notify', always: true },
    { path: ['channels'], widget: 'channels' },
    { path: ['late_after_minutes'], widget: 'duration' },
  ],
  parallel: joining,
  inclusive: joining,
  exclusive: [],
  delay: [
    { path: ['for'], widget: 'delay', always: true },
    { path: ['max_minutes'], widget: 'duration' },
    { path: ['on_failure'], widget: 'side_lane' },
  ],
  wait_event: [
    { path: ['event'], widget: 'event', always: true },
    { path: ['match'], widget: 'text' },
    { path: ['timeout_minutes'], widget: 'duration', always: true },
    { path: ['on_timeout'], widget: 'side_lane' },
  ],
  update_data: [
    { path: ['assign'], widget: 'assignments' },
    { path: ['stock'], widget: 'choice', choices: plain('reserve', 'release'), choiceWord: 'card.stock' },
    { path: ['tags'], widget: 'word_list' },
  ],
  connector_call: [
    { path: ['connector'], widget: 'connector', always: true },
    { path: ['operation'], widget: 'operation', always: true },
    { path: ['request'], widget: 'pairs' },
    { path: ['response'], widget: 'pairs' },
    { path: ['timeout_seconds'], widget: 'number' },
    { path: ['retries'], widget: 'number' },
    { path: ['on_failure'], widget: 'side_lane' },
  ],
  subflow: [
    { path: ['flow'], widget: 'flow', always: true },
    { path: ['per'], widget: 'choice', choices: plain('order', 'line', 'warehouse'), otherwise: 'order' },
    { path: ['detached'], widget: 'flag' },
    { path: ['outlives_parent'], widget: 'flag' },
    { path: ['input'], widget: 'operands' },
    { path: ['output'], widget: 'pairs' },
    { path: ['about'], widget: 'words' },
    { path: ['on_failure'], widget: 'side_lane' },
  ],
  go_to: [
    { path: ['target'], widget: 'step', always: true },
    { path: ['when'], widget: 'condition' },
    { path: ['max_rounds'], widget: 'number' },
  ],
  end: [
    {
      path: ['outcome'],
      widget: 'choice',
      choices: plain('confirmed', 'rejected', 'cancelled', 'expired', 'completed'),
      always: true,
    },
    { path: ['notices'], widget: 'end_notices' },
  ],
}

/** The tabs that have something for a type of step; none where all fits on one. */
export function tabsOf(type: string): SettingTab[] {
  const used = new Set(settings[type]?.map(setting => setting.tab))
  return tabs.filter(tab => used.has(tab))
}

/** What stands beside the settings, or is edited on the canvas. */
const elsewhere = ['id', 'name', 'stage', 'department', 'kind', 'type', 'lanes']

/** Settings that a step has and the drawer does not know: of a newer server. They are shown, and kept as they are. */
export function strangeIn(step: Step): [string, unknown][] {
  const known = new Set(
    [...common, ...(settings[step.kind.type] ?? [])].map(setting => setting.path[0]).concat(elsewhere),
  )
  return [...Object.entries(step), ...Object.entries(step.kind)].filter(([name]) => !known.has(name))
}

type Bag = Record<string, unknown>
const bag = (value: unknown): Bag => (typeof value === 'object' && value !== null ? (value as Bag) : {})

export const valueAt = (kind: Bag, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => bag(value)[name], kind)

/** Nothing, or what is meant without saying it, is not written down. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value)
    ? value.length === 0
    : typeof value === 'object' && Object.keys(value as Bag).length === 0)

export function withValue(kind: Bag, setting: Setting, value: unknown): Bag {
  const drop = !setting.always && (isNothing(value) || value === setting.otherwise)
  const put = (into: Bag, path: readonly string[]): Bag => {
    const [name = '', ...rest] = path
    const next = { ...into }
    if (rest.length) next[name] = put(bag(into[name]), rest)
    else next[name] = drop ? undefined : value
    if (next[name] === undefined || (rest.length && isNothing(next[name]))) delete next[name]
    return next
  }
  const next = put(kind, setting.path)
  if (setting.shortForm && !drop) delete next[setting.shortForm]
  return next
}

/** Whether a setting is said by a longer one already. */
export const isSaidAtLength = (kind: Kind, setting: Setting): boolean =>
  (settings[kind.type] ?? []).some(
    long => long.shortForm === setting.path[0] && !isNothing(valueAt(kind, long.path)),
  )

/** `"any"` and `{"percent": 60}` as a choice and what stands beside it. */
export function chosen(value: unknown, otherwise: unknown): { value: string; beside?: unknown } {
  const found = value ?? otherwise
  if (typeof found === 'string') return { value: found }
  const [name, beside] = Object.entries(bag(found))[0] ?? ['']
  return { value: name, beside }
}
export const ofChosen = (value: string, beside: unknown): unknown =>
  beside === undefined ? value : { [value]: beside }
