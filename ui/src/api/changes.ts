import { useQuery } from '@tanstack/react-query'
import { api, take } from './client'
import type { components } from './schema'

export type QueuedChange = components['schemas']['Page_OrderChange']['items'][number]

/** Changes of all orders: those that are open, the oldest first, or all of them, the latest first. */
export const useChangeQueue = (state: 'open' | 'all') =>
  useQuery({
    queryKey: ['orders', 'changes', state],
    queryFn: () => take(api.GET('/api/v1/changes', { params: { query: { state, limit: '100' } } })),
  })
