import { Button, Mentions } from 'antd'
import { useState } from 'react'
import { useColleagues } from '../../../api/acts'
import { fileUrl } from '../../../api/files'
import { useComment, useTimeline } from '../../../api/hooks'
import { usePast } from '../../../api/past'
import type { Order } from '../../../api/types'
import { AttachButton } from '../../../forms/AttachButton'
import { useWords } from '../../../i18n'
import { ActionButton, actionOf } from '../../../ui/ActionButton'
import { Empty, Failed, Loading, Refusal } from '../../../ui/states'
import { When } from '../../../ui/Time'

/** Comments are log entries like all others; here they are read as a conversation. */
const isComment = (action: string) => action.includes('comment')

/** Each person under their name, or under their login where somebody else has the same name. */
function useNames() {
  const { data } = useColleagues()
  const people = data ?? []
  const times = new Map<string, number>()
  for (const { name } of people) times.set(name, (times.get(name) ?? 0) + 1)
  return people.map(({ login, name }) => ({
    value: times.get(name) === 1 && !/\s/.test(name) ? name : login,
    key: login,
    label: `${name} · ${login}`,
  }))
}

interface Said {
  key: string
  at: string
  by: string
  text?: string
  file?: { id: string; name: string }
}

/** What was said and what was handed over, the newest first. */
function useSaid(order: Order) {
  const { words } = useWords()
  const timeline = useTimeline(order.id, 200)
  const items = timeline.data?.pages.flatMap(page => page.items).filter(item => isComment(item.action)) ?? []
  const comments: Said[] = items.map(item => ({
    key: `said:${item.seq}`,
    at: item.at,
    by: item.actor.name,
    // What follows from it, such as notices to those who are mentioned, stands in the timeline.
    text: item.reason ?? words(item.details[0] ?? item.title),
  }))
  const files: Said[] = order.attachments.map(file => ({
    key: `file:${file.id}`,
    at: file.at,
    by: file.by.name,
    file,
  }))
  const said = [...comments, ...files].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return { timeline, said }
}

function Writer({ order }: { order: Order }) {
  const { t } = useWords()
  const names = useNames()
  const comment = useComment(order.id)
  const [text, setText] = useState('')
  const send = () => text.trim() && comment.mutate(text.trim(), { onSuccess: () => setText('') })
  return (
    <>
      <label className="field">
        <span>{t('comment.write')}</span>
        <Mentions
          autoSize={{ minRows: 2, maxRows: 6 }}
          maxLength={2000}
          value={text}
          onChange={setText}
          options={names}
          filterOption={(typed, option) =>
            `${option?.value} ${option?.key}`.toLowerCase().includes(typed.toLowerCase())
          }
          notFoundContent={t('comment.nobody')}
          onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && send()}
          data-testid="order.comment_text"
        />
      </label>
      <p className="quiet">{t('comment.how')}</p>
      <Refusal id="order.comment" error={comment.error} />
      <div className="beside">
        <ActionButton
          actions={order.actions}
          name="comment"
          type="primary"
          loading={comment.isPending}
          onClick={send}
          data-testid="order.comment"
        />
        <AttachButton
          id="order.comment"
          order={order.id}
          about={{ about: 'order' }}
          disabled={!actionOf(order.actions, 'attach')?.allowed}
        />
      </div>
    </>
  )
}

export function Comments({ order }: { order: Order }) {
  const { t } = useWords()
  const past = usePast()
  const { timeline, said } = useSaid(order)
  return (
    <>
      {past === undefined && <Writer order={order} />}
      {timeline.isPending && <Loading rows={3} />}
      {timeline.error && !timeline.data && (
        <Failed id="order.comments" error={timeline.error} retry={() => timeline.refetch()} />
      )}
      {timeline.data && said.length === 0 && <Empty id="order.comments" text={t('comment.none')} />}
      <ul className="comments" data-testid="order.comments" data-count={said.length} data-live="order">
        {said.map(({ key, at, by, text, file }) => (
          <li key={key} data-testid={`order.${key}`}>
            <p className="quiet">
              <span className="strong">{by}</span> · <When at={at} />
            </p>
            {file ? (
              <p>
                <a href={fileUrl(order.id, file.id)} download={file.name}>
                  {file.name}
                </a>
              </p>
            ) : (
              <p>{text}</p>
            )}
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
