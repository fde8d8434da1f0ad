import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ListSearch } from './ListSearch'

beforeEach(() => {
  vi.useFakeTimers()
  history.pushState(null, '', '/orders')
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function typed() {
  const onChange = vi.fn()
  render(<ListSearch id="q" label="search" value={undefined} onChange={onChange} />)
  fireEvent.change(screen.getByTestId('q'), { target: { value: ' cgt ' } })
  expect(onChange).not.toHaveBeenCalled()
  return onChange
}

test('a list is searched once the typing rests, also when something in it was opened meanwhile', () => {
  const onChange = typed()
  fireEvent.blur(screen.getByTestId('q'))
  history.pushState(null, '', '/orders?open=1')
  act(() => vi.runAllTimers())
  expect(onChange.mock.calls).toEqual([['cgt']])
})

test('a search that was not begun yet calls nobody back from another page', () => {
  const onChange = typed()
  history.pushState(null, '', '/tasks')
  act(() => vi.runAllTimers())
  expect(onChange).not.toHaveBeenCalled()
})
