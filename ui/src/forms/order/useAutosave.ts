import { useEffect, useRef, useState } from 'react'
import type { Draft } from './draft'
import { forget, keep, recall } from './draftStore'

const WAIT_MS = 800

const contentOf = ({ head, lines }: Draft) =>
  JSON.stringify([head, lines.map(({ key: _, name: __, ...line }) => line)])

/** Keeps the draft on this machine 800 ms after the last key or when its page goes, and brings it back (R5). */
export function useAutosave(
  login: string,
  slot: string,
  draft: Draft,
  base: Draft,
  version: number | null,
  onRestore: (draft: Draft) => void,
) {
  const [savedAt, setSavedAt] = useState<number>()
  const [restored, setRestored] = useState(false)
  const off = useRef(false)
  const last = useRef(() => {})
  const restore = useRef(onRestore)
  restore.current = onRestore

  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, when the form opens
  useEffect(() => {
    const kept = recall(login, slot)
    if (!kept || kept.version !== version || contentOf(kept.draft) === contentOf(base)) return
    restore.current(kept.draft)
    setSavedAt(kept.savedAt)
    setRestored(true)
  }, [])

  useEffect(() => {
    const save = () => {
      // Once: what others keep here later is not overwritten by a page that lay idle.
      last.current = () => {}
      if (off.current || contentOf(draft) === contentOf(base)) return
      const now = Date.now()
      if (keep(login, slot, { draft, version, savedAt: now })) setSavedAt(now)
    }
    last.current = save
    const timer = setTimeout(save, WAIT_MS)
    return () => clearTimeout(timer)
  }, [draft, base, login, slot, version])

  useEffect(() => {
    const save = () => last.current()
    window.addEventListener('pagehide', save)
    return () => {
      window.removeEventListener('pagehide', save)
      save()
    }
  }, [])

  return {
    savedAt,
    restored,
    stop: () => {
      off.current = true
    },
    discard: () => {
      forget(login, slot)
      setRestored(false)
      setSavedAt(undefined)
    },
  }
}
