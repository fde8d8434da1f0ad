import {
  CloseCircleFilled,
  DownOutlined,
  InfoCircleFilled,
  UpOutlined,
  WarningFilled,
} from '@ant-design/icons'
import { Button } from 'antd'
import { type FlowProblem, isFixable } from '../../../flow/fixes'
import { useWords } from '../../../i18n'
import { ProblemLine } from './ProblemLine'

const icons = { blocker: CloseCircleFilled, warning: WarningFilled, hint: InfoCircleFilled }
const order = ['blocker', 'warning', 'hint'] as const

export function SeverityIcon({ severity }: { severity: FlowProblem['severity'] }) {
  const { t } = useWords()
  const Icon = icons[severity]
  return <Icon className={`badge-${severity}`} title={t(`design.severity.${severity}`)} />
}

export const worstFirst = (problems: FlowProblem[]) =>
  [...problems].sort((one, two) => order.indexOf(one.severity) - order.indexOf(two.severity))

/** What keeps the flow from being published, what needs a word, and what is worth knowing. */
export function Problems({
  problems,
  open,
  onOpen,
  onJump,
  onFix,
}: {
  problems: FlowProblem[]
  open: boolean
  onOpen: (open: boolean) => void
  onJump: (problem: FlowProblem) => void
  onFix?: (problem: FlowProblem) => void
}) {
  const { t } = useWords()
  const count = (severity: string) => problems.filter(problem => problem.severity === severity).length
  return (
    <section className="design-problems" aria-label={t('design.problems')} data-live="problems">
      <button
        type="button"
        className="problems-head"
        aria-expanded={open}
        onClick={() => onOpen(!open)}
        data-testid="design.problems.open"
      >
        <span className="strong">{t('design.problems')}</span>
        {order.map(severity => (
          <span
            key={severity}
            className="num"
            data-testid={`design.problems:${severity}`}
            data-count={count(severity)}
          >
            <SeverityIcon severity={severity} /> {count(severity)}
          </span>
        ))}
        <span className="grow" />
        {open ? <DownOutlined aria-hidden /> : <UpOutlined aria-hidden />}
      </button>
      {open && (
        <ul className="problems-list" data-testid="design.problems" data-count={problems.length}>
          {problems.length === 0 && <li className="quiet">{t('design.problems_none')}</li>}
          {worstFirst(problems).map(problem => (
            <ProblemLine key={problem.mark + problem.text} id="design" problem={problem} onJump={onJump}>
              {onFix && isFixable(problem.code) && (
                <Button
                  size="small"
                  type="primary"
                  ghost
                  onClick={() => onFix(problem)}
                  data-testid={`design.fix:${problem.mark}`}
                >
                  {t('design.fix')}
                </Button>
              )}
            </ProblemLine>
          ))}
        </ul>
      )}
    </section>
  )
}
