import { useCallback, useRef } from 'react'

/** The same function for as long as the component lives, which does what `act` of the latest rendering does. */
export function useSteady<Args extends unknown[], Result>(act: (...args: Args) => Result) {
  const latest = useRef(act)
  latest.current = act
  return useCallback((...args: Args) => latest.current(...args), [])
}
