import { useMutation } from '@tanstack/react-query'
import { afresh } from './afresh'
import { api, take } from './client'

/** Shows what somebody else sees, to read only. */
export const useStartView = () =>
  useMutation({
    mutationFn: (id: string) =>
      take(api.POST('/api/v1/users/{id}/view', { params: { path: { id } }, body: {} })),
    ...afresh,
  })

export const useEndView = () => useMutation({ mutationFn: () => take(api.DELETE('/api/v1/view')), ...afresh })
