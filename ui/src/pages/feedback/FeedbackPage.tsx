import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { type Feedback, useEndFeedback, useFeedback, useFeedbackCounts } from '../../api/feedback'
import { useMe } from '../../api/hooks'
import { type FeedbackView, feedbackViews } from '../../app/places'
import { useWords } from '../../i18n'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { Empty, Failed, Loading } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { When } from '../../ui/Time'

export interface FeedbackSearch {
  view: FeedbackView
  flow?: string
  step?: string
}

function Item({ item, mayAnswer }: { item: Feedback; mayAnswer: boolean }) {
  const { t, words } = useWords()
  const [answering, setAnswering] = useState(false)
  const end = useEndFeedback()
  return (
    <li data-testid={`feedback.item:${item.id}`} data-state={item.state}>
      <p className="quiet">
        <span className="tag">{t(`feedback.state.${item.state as FeedbackView}`)}</span>{' '}
        <span className="strong">{item.author}</span> · <When at={item.at} /> ·{' '}
        {item.order_id ? (
          <Link to="/orders/$id" params={{ id: item.order_id }} data-testid={`feedback.order:${item.id}`}>
            {item.page}
          </Link>
        ) : (
          item.page
        )}
        {item.step && ` · ${item.step_name ? words(item.step_name) : item.step}`}
      </p>
      <p>{item.text}</p>
      {item.answer && (
        <p className="answer">
          <span className="strong">{item.answered_by}</span>: {item.answer}
        </p>
      )}
      {mayAnswer && item.state !== 'closed' && (
        <div className="beside">
          <Button size="small" onClick={() => setAnswering(true)} data-testid={`feedback.answer:${item.id}`}>
            {t('feedback.answer')}
          </Button>
          <Button
            size="small"
            loading={end.isPending}
            onClick={() => end.mutate({ id: item.id })}
            data-testid={`feedback.close:${item.id}`}
          >
            {t('action.close')}
          </Button>
        </div>
      )}
      {answering && (
        <ReasonDialog
          id="feedback.reply"
          title={t('feedback.answer')}
          label={t('feedback.answer_text')}
          busy={end.isPending}
          error={end.error}
          onSend={answer => end.mutate({ id: item.id, answer }, { onSuccess: () => setAnswering(false) })}
          onClose={() => setAnswering(false)}
        />
      )}
    </li>
  )
}

/** Where most is said: each count is the list of exactly what it counts. */
function Steps() {
  const { t, words } = useWords()
  const { data, error, refetch } = useFeedbackCounts(true)
  if (error && !data) return <Failed id="feedback.steps" error={error} retry={() => refetch()} />
  if (!data?.items.length) return null
  return (
    <section className="card padded" aria-label={t('feedback.by_step')}>
      <h2>{t('feedback.by_step')}</h2>
      <ul className="plain" data-testid="feedback.steps" data-count={data.items.length}>
        {data.items.map(({ flow, step, step_name: name, all, new: fresh }) => (
          <li key={`${flow}.${step}`}>
            {step ? (
              <Link to="/feedback" search={{ view: 'all', flow, step }} data-testid={`feedback.step:${step}`}>
                {name ? words(name) : step}{' '}
                <span className="num">{t('feedback.counts', { all, fresh })}</span>
              </Link>
            ) : (
              <>
                {t('feedback.no_step')} <span className="num">{t('feedback.counts', { all, fresh })}</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What people said, to whoever answers it; to everybody else what they said themselves. */
export default function FeedbackPage() {
  const { t } = useWords()
  const { data: me } = useMe()
  const navigate = useNavigate()
  const { view, flow, step } = useSearch({ from: '/feedback' })
  const state = view === 'all' ? undefined : view
  const { data, error, isPending, refetch } = useFeedback({ state, flow, step })
  const mayAnswer = Boolean(me?.may.includes('answer_feedback'))
  const items = data?.items ?? []
  return (
    <div className="page" data-testid="feedback.page">
      <h1>{t('nav.feedback')}</h1>
      {mayAnswer && <Steps />}
      <TabBar
        id="feedback.view"
        label={t('nav.feedback')}
        value={view}
        options={feedbackViews.map(key => ({ key, text: t(`feedback.state.${key}`) }))}
        onChange={key => navigate({ to: '/feedback', search: { view: key, flow, step } })}
      />
      {isPending && <Loading />}
      {error && !data && <Failed id="feedback" error={error} retry={() => refetch()} />}
      {data && items.length === 0 && <Empty id="feedback" text={t('feedback.none')} />}
      <ul className="comments" data-testid="feedback.list" data-count={items.length}>
        {items.map(item => (
          <Item key={item.id} item={item} mayAnswer={mayAnswer} />
        ))}
      </ul>
    </div>
  )
}
