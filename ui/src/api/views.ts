/** The views that the person keeps of a page. */
import { useQuery } from '@tanstack/react-query'
import { useAdminWrite } from './acts'
import { api, take } from './client'
import type { components } from './schema'
import { tagged, under } from './settings'

type S = components['schemas']
export type SavedView = S['SavedView']
export type ViewPage = 'orders' | 'tasks' | 'reports'

const read = (page: ViewPage) => tagged(api.GET('/api/v1/views/{page}', { params: { path: { page } } }))

export const useViews = (page: ViewPage) =>
  useQuery({ queryKey: ['views', page], queryFn: () => read(page), staleTime: 60_000 })

/** Changes the views as they stand now: another window may have changed them since they were shown. */
export const useChangeViews = (page: ViewPage) =>
  useAdminWrite(
    async (change: (views: SavedView[]) => SavedView[], key) => {
      const { body, tag } = await read(page)
      return take(
        api.PUT('/api/v1/views/{page}', {
          params: { path: { page }, ...under(tag, key) },
          body: { items: change(body.items) },
        }),
      )
    },
    ['views'],
  )
