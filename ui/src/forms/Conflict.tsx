import { Alert, Button } from 'antd'
import { useState } from 'react'
import { asProblem } from '../api/problem'
import type { Tagged } from '../api/settings'
import { useWords } from '../i18n'

interface Write<Body> {
  error: unknown
  mutate: (sent: Tagged<Body>, then: { onSuccess: (answer: { tag: number | string }) => void }) => void
  reset: () => void
}

/**
 * Saves a document that is set as a whole, under the tag of what is on screen. A write over what somebody else has put since
 * is refused; `read` then follows to the newest, as after every write, and is held against what was typed.
 */
export function useConflict<Body>(read: Tagged<Body>, write: Write<Body>, onSaved?: () => void) {
  const [tag, setTag] = useState(read.tag)
  const send = (body: Body, under = tag) =>
    write.mutate(
      { body, tag: under },
      {
        onSuccess: answer => {
          setTag(`"${answer.tag}"`)
          onSaved?.()
        },
      },
    )
  const isStale = write.error !== null && asProblem(write.error).status === 412 && read.tag !== tag
  return {
    isStale,
    send: (body: Body) => send(body),
    /** On top of what the other has put, which has been seen. */
    insist: (body: Body) => send(body, read.tag),
    yield: () => {
      setTag(read.tag)
      write.reset()
    },
  }
}

interface Coded {
  code: string
}
/** A new item does not take the place of one that has its code: that both are sent is refused. */
export const withItem = <Item extends Coded>(items: Item[], item: Item, isNew = false) =>
  !isNew && items.some(each => each.code === item.code)
    ? items.map(each => (each.code === item.code ? item : each))
    : [...items, item]
export const without = <Item extends Coded>(items: Item[], code: string) =>
  items.filter(each => each.code !== code)

/** One item of a list that is set as a whole, in a dialog of its own. The rest of the list stays as it was read. */
export function useItemConflict<Item extends Coded>(
  read: Tagged<{ items: Item[] }>,
  write: Write<{ items: Item[] }>,
  onSaved: () => void,
) {
  const [base, setBase] = useState(read)
  const conflict = useConflict(read, write, onSaved)
  return {
    isStale: conflict.isStale,
    /** Once somebody else has put the list, over theirs. */
    put: (change: (items: Item[]) => Item[]) =>
      conflict.isStale
        ? conflict.insist({ items: change(read.body.items) })
        : conflict.send({ items: change(base.body.items) }),
    yield: () => {
      setBase(read)
      conflict.yield()
    },
  }
}

export interface Differing {
  label: string
  mine: string
  theirs: string
}

/** What somebody else has put meanwhile beside what was typed, and the choice between both. */
export function Conflict({
  id,
  rows,
  pending,
  onTheirs,
  onMine,
}: {
  id: string
  rows: Differing[]
  pending: boolean
  onTheirs: () => void
  onMine: () => void
}) {
  const { t } = useWords()
  const differing = rows.filter(row => row.mine !== row.theirs)
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="refusal"
      data-testid={`${id}.conflict`}
      data-count={differing.length}
      title={t('conflict.put_meanwhile')}
      description={
        <>
          {differing.map(row => (
            <p key={row.label}>
              <span className="strong">{row.label}</span> · {t('conflict.mine')} {row.mine} ·{' '}
              {t('conflict.theirs')} {row.theirs}
            </p>
          ))}
          <div className="decision-buttons">
            <Button onClick={onTheirs} disabled={pending} data-testid={`${id}.theirs`}>
              {t('conflict.use_theirs')}
            </Button>
            <Button type="primary" onClick={onMine} loading={pending} data-testid={`${id}.mine`}>
              {t('conflict.use_mine')}
            </Button>
          </div>
        </>
      }
    />
  )
}
