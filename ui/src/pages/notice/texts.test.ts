import { expect, it } from 'vitest'
import type { NoticeTexts } from '../../api/noticeTexts'
import { ownAt, type Place, replaced, standingAt } from './texts'

const place: Place = { event: 'order_confirmed', channel: 'sms', lang: 'zh-CN' }
const own = (channel: string, text: string) => ({ ...place, channel, subject: '', text, by: 'X', at: '' })
const read: NoticeTexts = {
  items: [own('mail', 'by mail')],
  events: [
    {
      event: 'order_confirmed',
      name: { zh: '', en: '' },
      channels: [
        { channel: 'sms', variables: [], shipped: [{ lang: 'zh-CN', subject: 'S', text: 'shipped' }] },
        { channel: 'in_app', variables: [], shipped: [{ lang: 'zh-CN', subject: '', text: 'inside' }] },
      ],
    },
  ],
}

it('says by SMS what mail says, and inside what is shipped', () => {
  expect(standingAt(read, place)).toEqual({ subject: '', text: 'by mail' })
  expect(standingAt({ ...read, items: [] }, place).text).toBe('shipped')
  expect(standingAt(read, { ...place, channel: 'in_app' }).text).toBe('inside')
})

it('writes one text and leaves the others, or gives it up', () => {
  const items = replaced(read, place, { ...place, subject: '', text: 'short' })
  expect(items.map(item => item.text)).toEqual(['by mail', 'short'])
  expect(items.every(item => !('by' in item))).toBe(true)
  expect(replaced(read, { ...place, channel: 'mail' })).toEqual([])
  expect(ownAt(read, place)).toBeUndefined()
})
