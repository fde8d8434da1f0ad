import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, take } from './client'

export const useSelfChecks = () =>
  useQuery({ queryKey: ['self-checks'], queryFn: () => take(api.GET('/api/v1/self-checks')) })

export const useRunSelfCheck = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => take(api.POST('/api/v1/self-checks', { body: {} })),
    onSettled: () => client.invalidateQueries({ queryKey: ['self-checks'] }),
  })
}

/** How often it runs by itself, in minutes; 0 is never. Only what was read is replaced. */
export const useSetInterval = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (minutes: number) => {
      const { response } = await api.GET('/api/v1/settings/self-check')
      const tag = response.headers.get('etag') ?? ''
      return take(
        api.PUT('/api/v1/settings/self-check', {
          body: { every_minutes: minutes },
          params: { header: { 'If-Match': tag } },
        }),
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['self-checks'] }),
  })
}
