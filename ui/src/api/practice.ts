import { useMutation } from '@tanstack/react-query'
import { afresh } from './afresh'
import { api, take } from './client'

export const useStartPractice = () =>
  useMutation({
    mutationFn: (role: string | undefined) => take(api.POST('/api/v1/practice', { body: { role } })),
    ...afresh,
  })

export const useEndPractice = () =>
  useMutation({ mutationFn: () => take(api.DELETE('/api/v1/practice')), ...afresh })
