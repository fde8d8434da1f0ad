import { fireEvent, render, renderHook } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { useKeys } from './keys'

const press = (target: EventTarget, init: KeyboardEventInit) => fireEvent.keyDown(target as Element, init)

it('runs single keys, chords and mod keys', () => {
  const [one, two, three] = [vi.fn(), vi.fn(), vi.fn()]
  renderHook(() => useKeys({ j: one, 'g t': two, 'mod+k': three }))
  press(document.body, { key: 'j' })
  press(document.body, { key: 'g' })
  press(document.body, { key: 't' })
  press(document.body, { key: 'k', ctrlKey: true })
  expect([one, two, three].map(each => each.mock.calls.length)).toEqual([1, 1, 1])
})

it('is silent while an input method composes, and in fields but for mod and function keys', () => {
  const [single, mod, f8] = [vi.fn(), vi.fn(), vi.fn()]
  renderHook(() => useKeys({ a: single, 'mod+enter': mod, f8 }))
  const { container } = render(<input />)
  const input = container.querySelector('input') as HTMLInputElement
  press(input, { key: 'a' })
  press(document.body, { key: 'a', isComposing: true })
  expect(single).not.toHaveBeenCalled()
  press(input, { key: 'Enter', ctrlKey: true })
  press(input, { key: 'F8' })
  expect([mod.mock.calls.length, f8.mock.calls.length]).toEqual([1, 1])
})
