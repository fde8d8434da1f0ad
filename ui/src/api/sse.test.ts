import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { keysOf, patch } from './live'
import { parseSse } from './sse'
import type { LiveEvent } from './types'

it('splits a stream into messages however it was cut', () => {
  const text = ': beat\n\nid: 7\ndata: {"a":1}\n\nid: 8\r\ndata: x\r\ndata: y\r\n\r\nid: 9\nda'
  const { messages, rest } = parseSse(text)
  expect(messages).toEqual([
    { id: '7', data: '{"a":1}' },
    { id: '8', data: 'x\ny' },
  ])
  expect(parseSse(`${rest}ta: z\n\n`).messages).toEqual([{ id: '9', data: 'z' }])
})

const event: LiveEvent = {
  seq: 1,
  kind: 'order',
  order_id: 'o1',
  number: 'SO-1',
  status: 'confirmed',
  departments: [],
}

it('writes a new status into the order and every list that shows it', () => {
  const client = new QueryClient()
  client.setQueryData(['order', 'o1'], { id: 'o1', status: 'in_review' })
  client.setQueryData(['orders', {}], {
    pages: [
      {
        items: [
          { id: 'o1', status: 'in_review' },
          { id: 'o2', status: 'draft' },
        ],
        next_cursor: null,
      },
    ],
    pageParams: [''],
  })
  patch(client, event)
  expect(client.getQueryData(['order', 'o1'])).toEqual({ id: 'o1', status: 'confirmed' })
  const list = client.getQueryData<{ pages: { items: { status: string }[] }[] }>(['orders', {}])
  expect(list?.pages[0]?.items.map(row => row.status)).toEqual(['confirmed', 'draft'])
})

it('reads again only what an event may have changed', () => {
  expect(keysOf(event)).toContainEqual(['order', 'o1'])
  expect(keysOf({ ...event, kind: 'notice', order_id: null })).toEqual([['notices'], ['me']])
})
