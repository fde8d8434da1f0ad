import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ListSearch } from './ListSearch'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

test('leaving the field searches at once, and nothing comes later', () => {
  const onChange = vi.fn()
  render(<ListSearch id="q" label="search" value={undefined} onChange={onChange} />)
  const box = screen.getByTestId('q')
  fireEvent.change(box, { target: { value: ' cgt ' } })
  expect(onChange).not.toHaveBeenCalled()
  fireEvent.blur(box)
  expect(onChange.mock.calls).toEqual([['cgt']])
  act(() => vi.runAllTimers())
  expect(onChange).toHaveBeenCalledTimes(1)
})

test('leaving a field whose words are already searched for does nothing', () => {
  const onChange = vi.fn()
  render(<ListSearch id="q" label="search" value={undefined} onChange={onChange} />)
  const box = screen.getByTestId('q')
  fireEvent.change(box, { target: { value: 'cgt' } })
  act(() => vi.runAllTimers())
  fireEvent.blur(box)
  expect(onChange.mock.calls).toEqual([['cgt']])
})
