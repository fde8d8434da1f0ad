import { Button, Input } from 'antd'
import { useState } from 'react'
import { useComment, useTimeline } from '../../../api/hooks'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ActionButton } from '../../../ui/ActionButton'
import { Empty, Failed, Loading, Refusal } from '../../../ui/states'
import { When } from '../../../ui/Time'

/** Comments are log entries like all others; here they are read as a conversation. */
const isComment = (action: string) => action.includes('comment')

export function Comments({ order }: { order: Order }) {
  const { t, words } = useWords()
  const timeline = useTimeline(order.id, 200)
  const comment = useComment(order.id)
  const [text, setText] = useState('')
  const items = timeline.data?.pages.flatMap(page => page.items).filter(item => isComment(item.action)) ?? []
  const send = () => text.trim() && comment.mutate(text.trim(), { onSuccess: () => setText('') })
  return (
    <>
      <label className="field">
        <span>{t('comment.write')}</span>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={2000}
          value={text}
          onChange={event => setText(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.comment_text"
        />
      </label>
      <Refusal id="order.comment" error={comment.error} />
      <ActionButton
        actions={order.actions}
        name="comment"
        type="primary"
        loading={comment.isPending}
        onClick={send}
        data-testid="order.comment"
      />
      {timeline.isPending && <Loading rows={3} />}
      {timeline.error && !timeline.data && (
        <Failed id="order.comments" error={timeline.error} retry={() => timeline.refetch()} />
      )}
      {timeline.data && items.length === 0 && <Empty id="order.comments" text={t('comment.none')} />}
      <ul className="comments" data-testid="order.comments" data-count={items.length} data-live="order">
        {items.map(item => (
          <li key={item.seq}>
            <p className="quiet">
              <span className="strong">{item.actor.name}</span> · <When at={item.at} />
            </p>
            <p>{item.reason ?? item.details.map(words).join('\n') ?? words(item.title)}</p>
          </li>
        ))}
      </ul>
      {timeline.hasNextPage && (
        <Button onClick={() => timeline.fetchNextPage()} data-testid="order.comments_more">
          {t('action.load_more')}
        </Button>
      )}
    </>
  )
}
