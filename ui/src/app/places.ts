import type { Queue } from '../api/types'

/** Places that live in the address: tabs and views. */
export const queues = [
  'mine',
  'pool',
  'standby',
  'returned',
  'cc',
  'started',
  'done',
] as const satisfies readonly Queue[]
/** What is short is a queue too, of rows of its own. */
export const taskPlaces = [...queues, 'shortages'] as const
export type TaskPlace = (typeof taskPlaces)[number]
export const views = ['all', 'mine', 'stuck', 'today', 'incomplete'] as const
export const tabs = [
  'overview',
  'lines',
  'findings',
  'flow',
  'timeline',
  'changes',
  'shipments',
  'accounts',
  'complaints',
  'notices',
  'files',
  'comments',
] as const
export const eventKinds = ['order', 'decision', 'message', 'fulfilment', 'by_hand', 'system'] as const
export type EventKind = (typeof eventKinds)[number]
export type View = (typeof views)[number]
export type Tab = (typeof tabs)[number]
export const flowTabs = ['picture', 'sop', 'diff', 'versions'] as const
export type FlowTab = (typeof flowTabs)[number]
export const intakeViews = ['incomplete', 'unreadable'] as const
export type IntakeView = (typeof intakeViews)[number]
export const stockViews = [
  'levels',
  'preparation',
  'movements',
  'purchases',
  'work',
  'boms',
  'rules',
] as const
export type StockView = (typeof stockViews)[number]
export const recordViews = ['shipments', 'invoices', 'payments', 'complaints'] as const
export type RecordView = (typeof recordViews)[number]
export const reportViews = [
  'overview',
  'speed',
  'sla',
  'lost',
  'quality',
  'operations',
  'handed',
  'review',
] as const
export type ReportView = (typeof reportViews)[number]
export const changeViews = ['open', 'all'] as const
export type ChangeView = (typeof changeViews)[number]
export const feedbackViews = ['new', 'answered', 'closed', 'all'] as const
export type FeedbackView = (typeof feedbackViews)[number]
export const noticeViews = ['texts', 'sending'] as const
export type NoticeView = (typeof noticeViews)[number]
export const masterViews = [
  'customers',
  'products',
  'prices',
  'clauses',
  'warehouses',
  'groups',
  'rates',
  'sets',
  'reasons',
  'issues',
] as const
export type MasterView = (typeof masterViews)[number]
export const peopleViews = ['people', 'organisation', 'roles'] as const
export type PeopleView = (typeof peopleViews)[number]
