/** Files on orders. */
import { api, take } from './client'
import { idempotent, useWrite } from './hooks'
import type { Order } from './types'

/** What a file is added to: the order, the work of a task, or the answer of the customer. */
export type About = { task: string } | { about: 'order' | 'answer' }

async function base64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 0x8000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)))
  return btoa(pieces.join(''))
}

export const useAttach = (order: string) =>
  useWrite(async ({ file, about }: { file: File; about: About }, key) => {
    const body = { name: file.name, content: await base64(file), ...about }
    return take(
      api.POST('/api/v1/orders/{id}/attachments', {
        params: { path: { id: order }, ...idempotent(key) },
        body,
      }),
    ) as Promise<Order>
  })

/** Where the bytes of a file are fetched. */
export const fileUrl = (order: string, file: string) => `/api/v1/orders/${order}/attachments/${file}`
