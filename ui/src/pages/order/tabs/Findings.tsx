import { Button } from 'antd'
import { useState } from 'react'
import { type QuestionVerb, useQuestion } from '../../../api/hooks'
import { usePast } from '../../../api/past'
import type { Finding, Order, Question } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton, actionOf } from '../../../ui/ActionButton'
import { FindingList } from '../../../ui/FindingList'
import { ReasonDialog } from '../../../ui/ReasonDialog'
import { Empty } from '../../../ui/states'
import { Remaining, When } from '../../../ui/Time'

type Asking =
  | { verb: 'ask'; finding?: Finding }
  | { verb: 'answer'; question: Question }
  | { verb: 'withdraw'; question: Question }

const inputOf = (asking: Asking, text: string): QuestionVerb =>
  asking.verb === 'ask'
    ? { verb: 'ask', to: 'sales', text, ...(asking.finding && { finding_id: asking.finding.id }) }
    : { verb: asking.verb, qid: asking.question.id, text }

function QuestionRow({ question, onAsk }: { question: Question; onAsk: (asking: Asking) => void }) {
  const { t, code } = useWords()
  const past = usePast()
  const open = question.state === 'open'
  return (
    <li className="question" data-state={question.state}>
      <p>
        <span className="strong">{question.text}</span>{' '}
        <span className="quiet">
          {t('question.asked', { who: question.asked_by.name, to: code('question_to', question.to) })} ·{' '}
          <When at={question.asked_at} />
        </span>
      </p>
      {question.answer && (
        <p>
          {question.answer.text}{' '}
          <span className="quiet">
            {question.answer.by.name} · <When at={question.answer.at} />
          </span>
        </p>
      )}
      <p className="question-foot">
        <span className="tag tag-grey">{code('question_state', question.state)}</span>
        {open && question.due_at && <Remaining due={question.due_at} since={question.asked_at} />}
        {open && past === undefined && (
          <>
            <Button
              size="small"
              onClick={() => onAsk({ verb: 'answer', question })}
              data-testid={`order.answer:${question.id}`}
            >
              {t('action.answer')}
            </Button>
            <Button
              size="small"
              onClick={() => onAsk({ verb: 'withdraw', question })}
              data-testid={`order.withdraw:${question.id}`}
            >
              {t('action.withdraw')}
            </Button>
          </>
        )}
      </p>
    </li>
  )
}

export function Findings({ order }: { order: Order }) {
  const { t } = useWords()
  const question = useQuestion(order.id)
  const [asking, setAsking] = useState<Asking>()
  const ask = (next: Asking) => {
    question.reset()
    setAsking(next)
  }
  const mayAsk = Boolean(actionOf(order.actions, 'ask')?.allowed)
  return (
    <>
      <section className="block">
        <h3>{t('order.tab.findings')}</h3>
        {order.findings.length === 0 && <Empty id="order.findings" text={t('finding.none')} />}
        <FindingList
          id="order"
          findings={order.findings}
          render={finding =>
            mayAsk && finding.state === 'open' ? (
              <Button
                size="small"
                onClick={() => ask({ verb: 'ask', finding })}
                data-testid={`order.ask:${finding.code}`}
              >
                {t('action.ask')}
              </Button>
            ) : null
          }
        />
      </section>
      <section className="block">
        <div className="block-head">
          <h3>{t('question.title')}</h3>
          <ActionButton
            actions={order.actions}
            name="ask"
            size="small"
            onClick={() => ask({ verb: 'ask' })}
            data-testid="order.ask"
          />
        </div>
        {order.questions.length === 0 && <Empty id="order.questions" text={t('question.none')} />}
        <ul data-count={order.questions.length} data-testid="order.questions">
          {order.questions.map(each => (
            <QuestionRow key={each.id} question={each} onAsk={ask} />
          ))}
        </ul>
      </section>
      {asking && (
        <ReasonDialog
          id={`order.${asking.verb}`}
          title={t(`question.${asking.verb}_title`)}
          label={t(`question.${asking.verb}_label`)}
          busy={question.isPending}
          error={question.error}
          onSend={text => question.mutate(inputOf(asking, text), { onSuccess: () => setAsking(undefined) })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  )
}
