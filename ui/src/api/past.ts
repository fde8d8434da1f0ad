import { createContext, useContext } from 'react'

const Past = createContext<number | undefined>(undefined)

/** Below it an order stands as it was at an instant: clocks stand still there, and nobody may do anything. */
export const PastProvider = Past.Provider

/** The instant at which the page stands, in milliseconds; nothing where it shows the present. */
export const usePast = () => useContext(Past)
