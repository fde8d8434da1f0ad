import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { blankDraft, type Draft, reduce } from './draft'
import { keep, recall } from './draftStore'
import { useAutosave } from './useAutosave'

const base = blankDraft('CNY')
const typed = (text: string) => reduce(base, { kind: 'head', field: 'customer_po', value: text })
const kept = () => recall('li', 'new')?.draft.head.customer_po

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function form(draft: Draft) {
  return renderHook(({ draft }) => useAutosave('li', 'new', draft, base, null, () => {}), {
    initialProps: { draft },
  })
}

test('what was typed is kept once the typing rests, and at once when its page goes', () => {
  const { rerender } = form(typed('PO-1'))
  expect(kept()).toBeUndefined()
  act(() => vi.runAllTimers())
  expect(kept()).toBe('PO-1')
  rerender({ draft: typed('PO-2') })
  act(() => window.dispatchEvent(new Event('pagehide')))
  expect(kept()).toBe('PO-2')
})

test('a page that lay idle overwrites nothing that another one has kept meanwhile', () => {
  const { unmount } = form(typed('PO-1'))
  act(() => vi.runAllTimers())
  keep('li', 'new', { draft: typed('PO-9'), version: null, savedAt: 1 })
  act(() => window.dispatchEvent(new Event('pagehide')))
  expect(kept()).toBe('PO-9')
  unmount()
  expect(kept()).toBe('PO-9')
})

test('leaving a form keeps what was typed last, and one that was sent keeps nothing', () => {
  form(typed('PO-1')).unmount()
  expect(kept()).toBe('PO-1')
  localStorage.clear()
  const sent = form(typed('PO-2'))
  sent.result.current.stop()
  sent.unmount()
  expect(kept()).toBeUndefined()
})
