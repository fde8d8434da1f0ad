import { useMutation } from '@tanstack/react-query'
import { api, take } from './client'

/** Everything is read anew on the other side, from the first page on: nothing of the one is left on the other. */
const afresh = { onSuccess: () => globalThis.location.assign('/') }

export const useStartPractice = () =>
  useMutation({
    mutationFn: (role: string | undefined) => take(api.POST('/api/v1/practice', { body: { role } })),
    ...afresh,
  })

export const useEndPractice = () =>
  useMutation({ mutationFn: () => take(api.DELETE('/api/v1/practice')), ...afresh })
