import { CloseOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input } from 'antd'
import { type Dispatch, useState } from 'react'
import { useWords } from '../../i18n'
import type { Draft, DraftAction, HeadField } from '../order/draft'
import { chosenFor, type Decisions, headOf, isTicked, keyOf, linesOf } from './choice'
import { ReadLine } from './ReadLine'
import { SourceText } from './SourceText'
import { useRecognised } from './useRecognised'

const LETTERS_MAX = 20_000
const UNDECIDED: Decisions = { product: {}, tick: {} }

/** A message is pasted, and what was understood of it is shown before anything goes into the order (粘贴识别). */
export function RecognisePanel({
  login,
  draft,
  text,
  onText,
  dispatch,
  onClose,
}: {
  login: string
  draft: Draft
  text: string
  onText: (text: string) => void
  dispatch: Dispatch<DraftAction>
  onClose: () => void
}) {
  const { t, code } = useWords()
  const { source, read, bought, busy } = useRecognised(text, login, draft.head.customer)
  const [decisions, setDecisions] = useState(UNDECIDED)
  const [ticks, setTicks] = useState<Partial<Record<HeadField, boolean>>>({})
  const head = headOf(read, draft.head, ticks)
  const lines = linesOf(read, decisions)
  const fields = Object.entries(read.head) as [HeadField, { value: string }][]

  const take = () => {
    dispatch({ kind: 'take', lines, head })
    setDecisions(UNDECIDED)
    setTicks({})
    onText('')
    onClose()
  }
  return (
    <section
      className="card form-card recognise"
      aria-label={t('recognise.title')}
      data-testid="recognise.panel"
    >
      <header className="recognise-head">
        <h2>{t('recognise.title')}</h2>
        <span className="quiet grow">
          {draft.head.customer
            ? t('recognise.known', { count: bought, customer: draft.customerName || draft.head.customer })
            : t('recognise.no_customer')}
        </span>
        <Button
          type="text"
          size="small"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t('action.close')}
          onClick={onClose}
          data-testid="recognise.close"
        />
      </header>
      <div className="recognise-split">
        <Input.TextArea
          autoFocus
          aria-label={t('recognise.text')}
          placeholder={t('recognise.hint')}
          autoSize={{ minRows: 4, maxRows: 12 }}
          maxLength={LETTERS_MAX}
          value={text}
          onChange={event => onText(event.target.value)}
          data-testid="recognise.text"
        />
        {source && <SourceText text={source} read={read} />}
      </div>
      {source.trim() && (
        <div aria-live="polite" aria-busy={busy} data-testid="recognise.result">
          {read.lines.length === 0 && <p data-testid="recognise.none">{t('recognise.none')}</p>}
          <ol className="read-rows" data-testid="recognise.lines" data-count={read.lines.length}>
            {read.lines.map((line, i) => (
              <ReadLine
                key={keyOf(line)}
                line={line}
                index={i}
                chosen={chosenFor(line, decisions)}
                ticked={isTicked(line, decisions)}
                onChoose={product =>
                  setDecisions({ ...decisions, product: { ...decisions.product, [keyOf(line)]: product } })
                }
                onTick={tick =>
                  setDecisions({ ...decisions, tick: { ...decisions.tick, [keyOf(line)]: tick } })
                }
              />
            ))}
          </ol>
          {fields.length > 0 && (
            <ul className="read-fields" aria-label={t('recognise.head')}>
              {fields.map(([field, { value }]) => (
                <li key={field}>
                  <Checkbox
                    checked={head[field] !== undefined}
                    onChange={event => setTicks({ ...ticks, [field]: event.target.checked })}
                    data-testid={`recognise.field:${field}`}
                  >
                    {code('field', field)} <span className="strong">{value}</span>{' '}
                    {draft.head[field] && draft.head[field] !== value && (
                      <span className="quiet">{t('recognise.instead', { now: draft.head[field] })}</span>
                    )}
                  </Checkbox>
                </li>
              ))}
            </ul>
          )}
          {read.unused.length > 0 && (
            <p className="quiet" data-testid="recognise.unused" data-count={read.unused.length}>
              {t('recognise.unused', {
                words: read.unused.map(({ from, to }) => source.slice(from, to)).join(t('list.comma')),
              })}
            </p>
          )}
          <Button
            type="primary"
            disabled={!lines.length && !Object.keys(head).length}
            onClick={take}
            data-testid="recognise.take"
          >
            {t('recognise.take', { count: lines.length })}
          </Button>
        </div>
      )}
    </section>
  )
}
