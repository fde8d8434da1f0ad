import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Page } from './types'

/** A list that is read page by page, and as far as it was read. */
export function usePages<Row>(
  key: unknown[],
  read: (cursor: string | undefined) => Promise<Page<Row>>,
  enabled = true,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam || undefined),
    initialPageParam: '',
    getNextPageParam: last => last.next_cursor ?? undefined,
    enabled,
  })
  const rows = useMemo(() => query.data?.pages.flatMap(page => page.items), [query.data])
  return { ...query, rows, scope: JSON.stringify(key) }
}
export type Pages<Row> = ReturnType<typeof usePages<Row>>
