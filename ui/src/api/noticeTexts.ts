/** What notices say, as shipped and in the company's own words. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import type { components } from './schema'
import { type Tagged, tagged, under } from './settings'

type S = components['schemas']
export type NoticeEvent = S['NoticeEvent']
export type NoticeWay = S['NoticeWay']
export type NoticeTextBody = S['NoticeTextBody']
export type NoticeTexts = S['NoticeTexts']

export const useNoticeTexts = () =>
  useQuery({ queryKey: ['settings', 'notice-texts'], queryFn: () => tagged(api.GET('/api/v1/notice-texts')) })

export const usePutNoticeTexts = () =>
  useAdminWrite(
    ({ body, tag }: Tagged<S['NoticeTextsBody']>, key) =>
      take(api.PUT('/api/v1/notice-texts', { params: under(tag, key), body })),
    ['settings', 'notices', 'notice-text'],
  )

/** What a text would say of an order; nothing is kept and nothing is sent. */
export const useNoticeTrial = (order: string | undefined, item: NoticeTextBody) =>
  useQuery({
    queryKey: ['notice-text', order, item],
    enabled: Boolean(order),
    queryFn: () => take(api.POST('/api/v1/notice-texts/preview', { body: { order: order ?? '', item } })),
    placeholderData: keepPreviousData,
    retry: false,
  })
