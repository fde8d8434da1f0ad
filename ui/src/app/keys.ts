import { useEffect, useRef } from 'react'

export type KeyMap = Record<string, (event: KeyboardEvent) => void>

const CHORD_MS = 900
let lead = ''
let leadAt = 0

export const inField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'combobox')

/** Enter on a link or button is theirs, except on a row of a list with a cursor. */
const ownsEnter = (event: KeyboardEvent) =>
  event.key === 'Enter' &&
  event.target instanceof HTMLElement &&
  Boolean(event.target.closest('a, button:not([data-row])'))

/** Name of a key press as the maps write it: `mod+k`, `g t`, `j`, `enter`. */
export function chord(event: KeyboardEvent, now: number): string {
  const mod = event.ctrlKey || event.metaKey ? 'mod+' : ''
  const key = event.key.toLowerCase()
  if (mod || event.altKey) return mod + key
  if (lead && now - leadAt < CHORD_MS) {
    const name = `${lead} ${key}`
    lead = ''
    return name
  }
  if (key === 'g') {
    lead = 'g'
    leadAt = now
  }
  return key
}

/** Single keys are off in fields, in dialogs and while an input method is composing; `mod+` and function keys always work. */
export function useKeys(map: KeyMap, enabled = true) {
  const latest = useRef(map)
  latest.current = map
  useEffect(() => {
    if (!enabled) return
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return
      const mod = event.ctrlKey || event.metaKey || /^F\d/.test(event.key)
      if (!mod && (inField(event.target) || document.querySelector('.ant-modal-wrap, .ant-drawer-open')))
        return
      if (!mod && ownsEnter(event)) return
      const run = latest.current[nameOf(event)]
      if (!run) return
      event.preventDefault()
      run(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [enabled])
}

/** Several maps may listen to one press: the chord is worked out once per event. */
const names = new WeakMap<KeyboardEvent, string>()
function nameOf(event: KeyboardEvent): string {
  const known = names.get(event)
  if (known !== undefined) return known
  const name = chord(event, event.timeStamp)
  names.set(event, name)
  return name
}
