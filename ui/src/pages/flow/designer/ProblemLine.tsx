import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { FlowProblem } from '../../../flow/fixes'
import { useWords } from '../../../i18n'
import { SeverityIcon } from './Problems'

/** One problem of a flow, with the way to its step. */
export function ProblemLine({
  id,
  problem,
  before,
  onJump,
  children,
}: {
  id: string
  problem: FlowProblem
  before?: ReactNode
  onJump: (problem: FlowProblem) => void
  children?: ReactNode
}) {
  const { t } = useWords()
  return (
    <li data-code={problem.code}>
      {before}
      <SeverityIcon severity={problem.severity} />
      <code>{problem.code}</code>
      <span className="grow">{problem.text}</span>
      {problem.node && (
        <Button size="small" onClick={() => onJump(problem)} data-testid={`${id}.jump:${problem.mark}`}>
          {t('design.jump')}
        </Button>
      )}
      {children}
    </li>
  )
}
