/** Asks `ask` once the input has been still for `waitMs`; an answer that is not to the latest input is dropped. */
export function debouncedLatest<Input, Answer>(
  ask: (input: Input) => Promise<Answer>,
  waitMs: number,
  onAnswer: (answer: Answer, input: Input) => void,
  onError: (error: unknown) => void,
) {
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    run(input: Input) {
      turn += 1
      const mine = turn
      clearTimeout(timer)
      timer = setTimeout(() => {
        ask(input).then(
          answer => mine === turn && onAnswer(answer, input),
          error => mine === turn && onError(error),
        )
      }, waitMs)
    },
    cancel() {
      turn += 1
      clearTimeout(timer)
    },
  }
}
