import { ScanOutlined, SendOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Alert, App, Button, Tooltip } from 'antd'
import { useEffect, useMemo, useReducer, useRef, useState } from 'react'
import { useOrder } from '../../api/hooks'
import type { Finding, Me, Order } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'
import { useZone } from '../../ui/Time'
import { instantWords } from '../../ui/time'
import { useSteady } from '../../ui/useSteady'
import { type ActiveCell, LineGrid } from '../lines/LineGrid'
import { RecognisePanel } from '../recognise/RecognisePanel'
import { ConflictDialog } from './ConflictDialog'
import { blankDraft, type Draft, draftOf, type HeadField, isBlank, isHalf, reduce } from './draft'
import { forget } from './draftStore'
import { EnteredLater } from './EnteredLater'
import { LineExtras, OrderExtras } from './Extras'
import { HeadFields } from './HeadFields'
import { Rail } from './Rail'
import { ReadinessBar } from './ReadinessBar'
import { DateReader, useCalendarDates } from './readDate'
import { SubmitDialog } from './SubmitDialog'
import { useAutosave } from './useAutosave'
import { useCheck } from './useCheck'
import { useFindings } from './useFindings'
import { type SaveTarget, useSave } from './useSave'

/** An empty form is named as incomplete in the readiness bar, but its fields are not red before the first key. */
const NO_FINDINGS: Map<HeadField, Finding[]> = new Map()
const NO_EXTRA: Map<string, Finding[]> = new Map()
const isStarted = (draft: Draft) =>
  draft.head.customer !== '' || draft.touched.length > 0 || draft.lines.some(line => !isBlank(line))

/** The form behind 新建订单 and 编辑. */
export function OrderEntry({ me, order }: { me: Me; order?: Order }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const zone = useZone()
  const slot = order?.id ?? 'new'
  const reader = order && order.receiver.login !== me.login ? me : undefined
  const [base, setBase] = useState<Draft>(() => (order ? draftOf(order) : blankDraft(me.company.currency)))
  const [target, setTarget] = useState<SaveTarget | null>(
    order ? { id: order.id, version: order.version } : null,
  )
  const [draft, dispatch] = useReducer(reduce, base)
  // What somebody types who only looks is not among the drafts of whoever they look at.
  const keeper = me.viewer ? `${me.login}~view` : me.login
  const autosave = useAutosave(keeper, slot, draft, base, target?.version ?? null, kept =>
    dispatch({ kind: 'replace', draft: kept }),
  )
  const readDate = useCalendarDates()
  const check = useCheck(draft, order?.id, readDate, (answer, keys) =>
    dispatch({ kind: 'checked', answer, keys }),
  )
  const { open, garbled, byHead, byExtra, byLine, judged, placeOf } = useFindings(check, draft, readDate)
  const save = useSave(target, readDate)
  const latest = useOrder(order?.id ?? '', Boolean(order) && save.problem?.status === 412)
  const [active, setActive] = useState<ActiveCell | null>(null)
  const [asking, setAsking] = useState<Finding[]>()
  const [queued, setQueued] = useState(false)
  const [talk, setTalk] = useState('')
  const [reading, setReading] = useState(false)
  const jumped = useRef(-1)

  const jump = useSteady((finding: Finding) => {
    jumped.current = open.indexOf(finding)
    const place = placeOf(finding)
    if (place && 'key' in place) setActive({ key: place.key, field: place.field ?? 'quantity' })
    else if (place) {
      const path = 'head' in place ? place.head : place.extra
      document.querySelector<HTMLElement>(`[data-path="${path}"] :is(input, textarea)`)?.focus()
    } else if (finding.path.startsWith('lines')) setActive({ key: 'last', field: 'product' })
  })
  const jumpNext = () => {
    const next = open[(jumped.current + 1) % open.length]
    if (next) jump(next)
  }

  const finish = (done: Order | null, submitted: boolean) => {
    setAsking(undefined)
    if (!done) return
    forget(keeper, slot)
    if (submitted) {
      autosave.stop()
      void navigate({ to: '/orders/$id', params: { id: done.id } })
    } else if (order) {
      setBase(draft)
      setTarget({ id: done.id, version: done.version })
    } else {
      autosave.stop()
      void navigate({ to: '/orders/$id/edit', params: { id: done.id }, replace: true })
    }
  }
  const send = async (submit: boolean, reasons: Map<string, string>) =>
    finish(await save.send(draft, submit, asking ?? [], reasons), submit)
  const [unread] = garbled
  /** The server keeps numbers and dates; what is neither would be lost, so it is mended or cleared first. */
  const saveDraft = () => {
    if (!unread) return send(false, new Map())
    message.warning(t('entry.unreadable_first'))
    jump(unread.finding)
  }
  const blocked = !check.answer?.submit_allowed || garbled.length > 0 || isHalf(draft)
  const submit = () => {
    if (save.busy) return
    if (check.pending) {
      setQueued(true)
      return
    }
    setQueued(false)
    if (blocked) {
      jumpNext()
      return
    }
    const warnings = open.filter(finding => finding.severity === 'warning')
    if (warnings.some(finding => finding.acceptable)) setAsking(warnings)
    else void send(true, new Map())
  }
  useEffect(() => {
    if (queued && !check.pending) submit()
  })
  useKeys({
    f8: jumpNext,
    'mod+enter': () => !asking && submit(),
    'mod+s': () => void saveDraft(),
  })
  const theirs = useMemo(
    () => (latest.data && target && latest.data.version !== target.version ? latest.data : null),
    [latest.data, target],
  )
  const answer = check.answer
  const started = Boolean(order) || isStarted(draft)
  return (
    <div className="page entry" data-testid="entry.page">
      <header className="entry-head">
        <h1>{order ? t('entry.edit_title', { number: order.number }) : t('nav.order_new')}</h1>
        <span className="quiet grow" aria-live="polite" data-testid="entry.saved" data-live="draft">
          {autosave.savedAt &&
            t('entry.saved', { time: instantWords(autosave.savedAt, Date.now(), zone, t) })}
        </span>
        <Button loading={save.busy && !asking} onClick={saveDraft} data-testid="entry.save">
          {t('action.save_draft')}
        </Button>
        <Tooltip title={blocked && !check.pending ? t('entry.blocked') : undefined}>
          <Button
            type="primary"
            icon={<SendOutlined aria-hidden />}
            disabled={blocked}
            loading={save.busy || queued}
            onClick={submit}
            data-testid="entry.submit"
          >
            {t('action.submit')} <kbd className="kbd-light">Ctrl ↵</kbd>
          </Button>
        </Tooltip>
      </header>
      <ReadinessBar check={check} findings={open} currency={draft.head.currency} onJump={jump} />
      {autosave.restored && (
        <Alert
          type="info"
          showIcon
          data-testid="entry.restored"
          title={t('entry.restored')}
          action={
            <Button
              size="small"
              onClick={() => {
                dispatch({ kind: 'replace', draft: base })
                autosave.discard()
              }}
              data-testid="entry.discard"
            >
              {t('entry.discard')}
            </Button>
          }
        />
      )}
      {save.problem && save.problem.status !== 412 && <Refusal id="entry" error={save.problem} />}
      <div className="entry-split">
        <div className="entry-main">
          <DateReader value={readDate}>
            <HeadFields
              draft={draft}
              defaults={answer?.customer?.defaults ?? null}
              findings={started ? byHead : NO_FINDINGS}
              dispatch={dispatch}
            />
            <OrderExtras
              reader={reader}
              draft={draft}
              findings={started ? byExtra : NO_EXTRA}
              dispatch={dispatch}
            />
            {!order && <EnteredLater draft={draft} dispatch={dispatch} />}
            {reading && (
              <RecognisePanel
                login={me.login}
                draft={draft}
                text={talk}
                onText={setTalk}
                dispatch={dispatch}
                onClose={() => setReading(false)}
              />
            )}
            <section className="card form-card" aria-label={t('entry.lines')}>
              <header className="lines-head">
                <h2 className="grow">{t('entry.lines')}</h2>
                <Button
                  size="small"
                  icon={<ScanOutlined aria-hidden />}
                  aria-expanded={reading}
                  onClick={() => setReading(!reading)}
                  data-testid="entry.recognise"
                >
                  {t('recognise.title')}
                </Button>
              </header>
              <LineGrid
                lines={draft.lines}
                currency={draft.head.currency}
                day={draft.head.requested_date}
                judged={judged}
                findings={byLine}
                active={active}
                setActive={setActive}
                onTalk={text => {
                  setTalk(text)
                  setReading(true)
                }}
                dispatch={dispatch}
              />
            </section>
            <LineExtras reader={reader} draft={draft} findings={byExtra} dispatch={dispatch} />
          </DateReader>
        </div>
        <Rail answer={answer} currency={draft.head.currency} complete={!blocked} />
      </div>
      {asking && (
        <SubmitDialog
          warnings={asking}
          onSend={reasons => send(true, reasons)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {save.problem?.status === 412 && theirs && (
        <ConflictDialog
          base={base}
          mine={draft}
          theirs={draftOf(theirs)}
          onClose={save.clear}
          onMerge={next => {
            dispatch({ kind: 'replace', draft: next })
            setBase(draftOf(theirs))
            setTarget({ id: theirs.id, version: theirs.version })
            save.clear()
          }}
        />
      )}
    </div>
  )
}
