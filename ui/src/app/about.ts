import { useEffect } from 'react'

export interface About {
  order?: string
  step?: string
}

let shown: About = {}

/** What the page in front of the person is about, for whoever gives feedback on it. */
export const whatIsShown = () => shown

/** A page says which order, and which step of it, it shows. */
export function useShows(order: string | undefined, step?: string) {
  useEffect(() => {
    shown = { order, step }
    return () => {
      shown = {}
    }
  }, [order, step])
}
