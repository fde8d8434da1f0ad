import type { NoticeTextBody, NoticeTexts } from '../../api/noticeTexts'

export interface Place {
  event: string
  channel: string
  lang: 'zh-CN' | 'en'
}

export const isAt = (item: NoticeTextBody, place: Place) =>
  item.event === place.event && item.channel === place.channel && item.lang === place.lang

export const ownAt = (read: NoticeTexts, place: Place) => read.items.find(item => isAt(item, place))

/** What is said where nothing of its own is written: by SMS and instant message what mail says, else what is shipped. */
export function standingAt(read: NoticeTexts, place: Place): { subject: string; text: string } {
  const mail = place.channel === 'in_app' ? undefined : ownAt(read, { ...place, channel: 'mail' })
  const event = read.events.find(each => each.event === place.event)
  const way = event?.channels.find(each => each.channel === place.channel)
  const shipped = way?.shipped.find(each => each.lang === place.lang)
  return {
    subject: place.channel === 'mail' ? (shipped?.subject ?? '') : '',
    text: (place.channel === 'mail' ? undefined : mail?.text) ?? shipped?.text ?? '',
  }
}

const bodyOf = ({ event, channel, lang, subject, text }: NoticeTextBody): NoticeTextBody => ({
  event,
  channel,
  lang,
  subject,
  text,
})

/** All own texts with one of them written, or given up. */
export function replaced(read: NoticeTexts, place: Place, item?: NoticeTextBody): NoticeTextBody[] {
  const others = read.items.filter(each => !isAt(each, place)).map(bodyOf)
  return item ? [...others, item] : others
}
