import type { Draft } from './draft'

/** Typing is kept on this machine until it is sent (R5). */
export interface Kept {
  draft: Draft
  version: number | null
  savedAt: number
}

const nameOf = (login: string, id: string) => `ordain.draft.${login}.${id}`

export function recall(login: string, id: string): Kept | null {
  const text = localStorage.getItem(nameOf(login, id))
  if (!text) return null
  try {
    return JSON.parse(text) as Kept
  } catch {
    return null
  }
}

export function keep(login: string, id: string, kept: Kept): boolean {
  try {
    localStorage.setItem(nameOf(login, id), JSON.stringify(kept))
    return true
  } catch {
    return false
  }
}

export const forget = (login: string, id: string) => localStorage.removeItem(nameOf(login, id))
