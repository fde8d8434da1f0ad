/** Paths of API v1 in the shape openapi-fetch reads. Replaced by the generated `schema.d.ts` once the server emits it. */
import type {
  CheckAnswer,
  Customer,
  Decision,
  Me,
  NoticePage,
  Order,
  OrderBody,
  OrderQuery,
  OrderRow,
  Page,
  Product,
  Queue,
  Task,
  TaskPage,
  TimelineItem,
  Why,
  WorkbenchData,
} from './types'

type Json<T> = { content: { 'application/json': T } }
type Op<Ok, Params extends object = object, Body = undefined> = {
  parameters: Params & { header?: Record<string, string | undefined> }
  responses: { 200: Json<Ok> }
} & (Body extends undefined ? object : { requestBody: Json<Body> })
type Query<Q> = { query?: Q & { limit?: number; cursor?: string } }
type Id = { path: { id: string } }
type Post<Ok, Params extends object = object, Body = Record<string, never>> = { post: Op<Ok, Params, Body> }
type Get<Ok, Params extends object = object> = { get: Op<Ok, Params> }

export interface paths {
  '/api/v1/session': Post<{ user: Me }, object, { login: string; password: string }> & { delete: Op<never> }
  '/api/v1/me': Get<Me> & { put: Op<Me, object, { lang: 'zh' | 'en' }> }
  '/api/v1/workbench': Get<WorkbenchData>
  '/api/v1/orders': Get<Page<OrderRow>, Query<OrderQuery>> & Post<Order, object, OrderBody>
  '/api/v1/orders/check': Post<CheckAnswer, object, OrderBody>
  '/api/v1/orders/{id}': Get<Order, Id> & { put: Op<Order, Id, OrderBody> }
  '/api/v1/orders/{id}/submit': Post<Order, Id, { reasons?: { finding_id: string; reason: string }[] }>
  '/api/v1/orders/{id}/cancel': Post<Order, Id, { reason: string }>
  '/api/v1/orders/{id}/hold': Post<Order, Id, { reason: string }>
  '/api/v1/orders/{id}/resume': Post<Order, Id>
  '/api/v1/orders/{id}/comments': Post<Order, Id, { text: string }>
  '/api/v1/orders/{id}/questions': Post<
    Order,
    Id,
    { finding_id?: string; to: string; text: string; due_at?: string }
  >
  '/api/v1/orders/{id}/questions/{qid}/answer': Post<
    Order,
    { path: { id: string; qid: string } },
    { text: string }
  >
  '/api/v1/orders/{id}/questions/{qid}/withdraw': Post<
    Order,
    { path: { id: string; qid: string } },
    { reason: string }
  >
  '/api/v1/orders/{id}/timeline': Get<Page<TimelineItem>, Id & Query<object>>
  '/api/v1/orders/{id}/why': Get<Why, Id>
  '/api/v1/tasks': Get<TaskPage, Query<{ queue?: Queue; department?: string }>>
  '/api/v1/tasks/{id}': Get<Task, Id>
  '/api/v1/tasks/{id}/claim': Post<Task, Id>
  '/api/v1/tasks/{id}/decide': Post<
    Order,
    Id,
    { decision: Decision; reason?: string; accept?: { finding_id: string; reason: string }[] }
  >
  '/api/v1/customers': Get<Page<Customer>, Query<{ q?: string }>>
  '/api/v1/products': Get<Page<Product>, Query<{ q?: string }>>
  '/api/v1/notices': Get<NoticePage, Query<object>>
  '/api/v1/notices/read': Post<unknown, object, { ids?: string[]; all?: boolean }>
}
