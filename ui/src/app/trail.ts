import { useEffect } from 'react'

let trail: string[] = []

/** A list says which orders it shows: from one of them the keys lead to the one beside it. */
export function useTrail(orders: string[]) {
  useEffect(() => {
    if (orders.length) trail = orders
  })
}

/** The order before (-1) or after (1) this one in the list that was shown last. */
export function besideIt(order: string, by: 1 | -1): string | undefined {
  const at = trail.indexOf(order)
  return at < 0 ? undefined : trail[at + by]
}
