import { CloseCircleFilled, SearchOutlined, WarningFilled } from '@ant-design/icons'
import { Input } from 'antd'
import { useState } from 'react'
import { walk } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import { Empty } from '../../../ui/states'
import { useDesign } from './design'

/** All steps one below the other; typing leaves those whose name or sentence has the words. */
export function Outline({ onShow }: { onShow: (step: string) => void }) {
  const { t, words } = useWords()
  const { doc, inspection, chosen, acts } = useDesign()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = walk(doc).filter(({ step }) =>
    `${step.name.zh} ${step.name.en} ${step.id} ${inspection?.sentences[step.id] ?? ''}`
      .toLowerCase()
      .includes(wanted),
  )
  const worst = (id: string) => {
    const of = inspection?.problems.filter(problem => problem.node === id) ?? []
    if (of.some(problem => problem.severity === 'blocker'))
      return <CloseCircleFilled className="badge-blocker" title={t('design.severity.blocker')} />
    if (of.some(problem => problem.severity === 'warning'))
      return <WarningFilled className="badge-warning" title={t('design.severity.warning')} />
    return null
  }
  return (
    <nav className="outline" aria-label={t('design.outline')}>
      <Input
        allowClear
        size="small"
        prefix={<SearchOutlined aria-hidden />}
        placeholder={t('design.find')}
        aria-label={t('design.find')}
        value={text}
        onChange={event => setText(event.target.value)}
        data-list-search
        data-testid="design.find"
      />
      <ul data-testid="design.outline" data-count={found.length}>
        {found.map(({ step, depth, around }) => (
          <li key={step.id}>
            <button
              type="button"
              className="outline-step"
              aria-current={chosen && 'step' in chosen && chosen.step === step.id ? 'step' : undefined}
              style={{ paddingInlineStart: 6 + (wanted ? 0 : depth - 1) * 14 }}
              title={around.map(({ lane }) => words(lane.name)).join(' › ')}
              onClick={() => {
                acts.choose({ step: step.id })
                onShow(step.id)
              }}
              data-testid={`design.outline:${step.id}`}
            >
              <span className={`kind-icon kind-icon-${step.kind.type}`}>
                <StepIcon type={step.kind.type} />
              </span>
              <span className="grow">{words(step.name) || step.id}</span>
              {worst(step.id)}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <Empty id="design.outline" text={t('design.find_none')} />}
    </nav>
  )
}
