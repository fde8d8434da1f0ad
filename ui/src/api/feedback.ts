import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, take } from './client'
import { idempotent, newKey } from './hooks'
import type { components } from './schema'

export type Feedback = components['schemas']['Page_Feedback']['items'][number]
export type FeedbackState = 'new' | 'answered' | 'closed'

export interface Given {
  page: string
  order?: string
  text: string
}

export const useGiveFeedback = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Given) => take(api.POST('/api/v1/feedback', { body, params: idempotent(newKey()) })),
    onSettled: () => client.invalidateQueries({ queryKey: ['feedback'] }),
  })
}

export const useFeedback = (query: { state?: string; flow?: string; step?: string }) =>
  useQuery({
    queryKey: ['feedback', query],
    queryFn: () => take(api.GET('/api/v1/feedback', { params: { query: { ...query, limit: '200' } } })),
  })

export const useFeedbackCounts = (enabled: boolean) =>
  useQuery({
    queryKey: ['feedback', 'steps'],
    queryFn: () => take(api.GET('/api/v1/feedback/steps')),
    enabled,
  })

/** Answers it, or closes it where there is nothing to answer. */
export const useEndFeedback = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, answer }: { id: string; answer?: string }) => {
      const params = { path: { id }, ...idempotent(newKey()) }
      return answer === undefined
        ? take(api.POST('/api/v1/feedback/{id}/close', { params, body: {} }))
        : take(api.POST('/api/v1/feedback/{id}/answer', { params, body: { answer } }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['feedback'] }),
  })
}
