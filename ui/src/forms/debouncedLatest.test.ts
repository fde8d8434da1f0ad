import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { debouncedLatest } from './debouncedLatest'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Answers that arrive when the test says so. */
function slow() {
  const open: { input: string; answer: (text: string) => void; fail: (error: Error) => void }[] = []
  const ask = (input: string) =>
    new Promise<string>((answer, fail) => {
      open.push({ input, answer, fail })
    })
  return { ask, open }
}

it('asks once, after the input has been still for the wait', async () => {
  const { ask, open } = slow()
  const check = debouncedLatest(ask, 250, vi.fn(), vi.fn())
  check.run('a')
  vi.advanceTimersByTime(200)
  check.run('ab')
  vi.advanceTimersByTime(249)
  expect(open).toHaveLength(0)
  vi.advanceTimersByTime(1)
  expect(open.map(each => each.input)).toEqual(['ab'])
})

it('drops an answer that comes after a newer input', async () => {
  const { ask, open } = slow()
  const answers: string[] = []
  const errors: unknown[] = []
  const check = debouncedLatest(
    ask,
    250,
    answer => answers.push(answer),
    error => errors.push(error),
  )
  check.run('old')
  vi.advanceTimersByTime(250)
  check.run('new')
  vi.advanceTimersByTime(250)
  open[1]?.answer('for new')
  open[0]?.answer('for old')
  await vi.runAllTimersAsync()
  expect(answers).toEqual(['for new'])

  check.run('third')
  vi.advanceTimersByTime(250)
  check.run('fourth')
  open[2]?.fail(new Error('late'))
  await vi.advanceTimersByTimeAsync(0)
  expect(errors).toEqual([])
})

it('says nothing after it was cancelled', async () => {
  const { ask, open } = slow()
  const onAnswer = vi.fn()
  const check = debouncedLatest(ask, 250, onAnswer, vi.fn())
  check.run('a')
  vi.advanceTimersByTime(250)
  check.cancel()
  open[0]?.answer('x')
  await vi.runAllTimersAsync()
  expect(onAnswer).not.toHaveBeenCalled()
})
