import { CheckCircleFilled, CloseCircleOutlined } from '@ant-design/icons'
import { Button, Checkbox, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { type PlayInput, type SavedCase, type Trial, useTrial } from '../../../api/flows'
import { findOrders } from '../../../api/hooks'
import type { Lies } from '../../../flow/doc'
import { useWords } from '../../../i18n'
import { Refusal } from '../../../ui/states'
import { Side } from './Drawer'
import { useDesign, wordOf } from './design'
import { PlayPanel } from './play/PlayPanel'

/** Chooses an order by its number or customer. */
function OrderPick({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (number: string | undefined) => void
}) {
  const { t } = useWords()
  const [found, setFound] = useState<{ value: string; label: string }[]>([])
  const search = (text: string) =>
    findOrders(text).then(
      rows =>
        setFound(
          rows.map(row => ({
            value: row.number,
            label: [row.number, row.customer_name, row.total].filter(Boolean).join(' · '),
          })),
        ),
      () => setFound([]),
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the latest orders, once
  useEffect(() => {
    void search('')
  }, [])
  return (
    <Select
      allowClear
      showSearch={{ filterOption: false, onSearch: search }}
      aria-label={t('design.pick_order')}
      placeholder={t('design.pick_order')}
      value={value}
      onChange={onChange}
      options={found}
      data-testid="design.try.order"
    />
  )
}

type Given = Record<string, string | boolean>
const asked = ['amount', 'customer_level', 'order_type', 'channel', 'payment_terms', 'line_count']
const flags = ['special_terms', 'special_request', 'price_differs', 'stock_short', 'credit_exceeded']
/** The check that is open where a flag holds. */
const checkOf: Record<string, string> = {
  special_terms: 'terms',
  special_request: 'special_request',
  price_differs: 'price',
  stock_short: 'stock',
  credit_exceeded: 'credit',
}

/** What the values mean: every flag is said, and its check has something open. */
function factsOf(given: Given) {
  const facts: Record<string, unknown> = { currency: 'CNY', net_amount: given.amount, ...given }
  for (const flag of flags) facts[flag] = given[flag] === true
  const open = flags.filter(flag => given[flag]).flatMap(flag => checkOf[flag] ?? [])
  return { facts, open }
}

function Values({ given, onChange }: { given: Given; onChange: (given: Given) => void }) {
  const { vocabulary } = useDesign()
  const label = (name: string) =>
    vocabulary.fields.find(field => field.name === name && !field.line)?.label ?? name
  return (
    <>
      <div className="pair">
        {asked.map(name => (
          <label key={name} className="field">
            <span>{label(name)}</span>
            <Input
              value={String(given[name] ?? '')}
              onChange={event => onChange({ ...given, [name]: event.target.value.trim() })}
              data-testid={`design.try.value:${name}`}
            />
          </label>
        ))}
      </div>
      <div className="ticks">
        {flags.map(name => (
          <Checkbox
            key={name}
            checked={given[name] === true}
            onChange={event => onChange({ ...given, [name]: event.target.checked })}
            data-testid={`design.try.value:${name}`}
          >
            {label(name)}
          </Checkbox>
        ))}
      </div>
    </>
  )
}

function Result({ trial, onShow }: { trial: Trial; onShow: (step: string) => void }) {
  const { t, words } = useWords()
  const { doc, inspection, vocabulary } = useDesign()
  const names = new Map<string, string>()
  const visit = (steps: typeof doc.steps) => {
    for (const step of steps) {
      names.set(step.id, words(step.name))
      for (const lane of step.kind.lanes ?? []) visit(lane.steps)
    }
  }
  visit(doc.steps)
  const asks = trial.steps.filter(step => step.how === 'asked')
  return (
    <div data-testid="design.try.result" data-count={asks.length}>
      <p
        className="strong"
        role="status"
        data-testid="design.try.outcome"
        data-outcome={trial.outcome ?? 'waiting'}
      >
        {trial.outcome
          ? t('design.try_ends', {
              outcome: wordOf(vocabulary, `outcome.${trial.outcome}`),
              count: asks.length,
            })
          : t('design.try_waits')}
      </p>
      <ol className="trial">
        {trial.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step can be come to twice
          <li key={`${step.node}:${at}`} className={`trial-${step.how}`}>
            <button
              type="button"
              className="link"
              onClick={() => onShow(step.node)}
              data-testid={`design.try.step:${step.node}`}
              data-how={step.how}
            >
              {names.get(step.node) ?? step.node}
            </button>
            <span className="tag tag-grey">{t(`design.trace.${step.how}`)}</span>
            {step.how === 'asked' && (
              <div className="quiet">
                {step.who?.people.length
                  ? step.who.people.join(t('design.separator'))
                  : t('design.resolves_by_order')}
                {inspection?.sentences[step.node] && ` · ${inspection.sentences[step.node]}`}
              </div>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

export interface TryProps {
  flowKey: string
  cases: SavedCase[]
  trial: Trial | undefined
  onTrial: (trial: Trial | undefined) => void
  onCases?: (cases: SavedCase[]) => void
  onShow: (step: string) => void
  onClose: () => void
}

/** Sends an order through what is on the canvas, real or thought out. Nothing is written and nobody is told. */
export function Simulate({ flowKey, cases, trial, onTrial, onCases, onShow, onClose }: TryProps) {
  const { t } = useWords()
  const { doc } = useDesign()
  const [order, setOrder] = useState<string>()
  const [given, setGiven] = useState<Given>({})
  const [name, setName] = useState('')
  const [kept, setKept] = useState<string>()
  const run = useTrial(flowKey)
  const thought = factsOf(given)
  // The canvas shows the way of the play while there is one; what is told here and kept is the whole way.
  const [whole, setWhole] = useState<Trial>()
  const [playing, setPlaying] = useState<PlayInput>()
  const told = trial && whole
  const go = () => {
    setKept(undefined)
    setPlaying(undefined)
    const show = (found: Trial) => {
      setWhole(found)
      onTrial(found)
    }
    run.mutate(order ? { doc, order } : { doc, ...thought }, { onSuccess: show })
  }
  const keep = (as: string) => {
    if (!told || !onCases) return
    const path = told.steps.filter(step => step.how === 'asked').map(step => step.node)
    const facts = order ? told.facts : thought.facts
    onCases([
      ...cases.filter(each => each.name !== name),
      { name, facts, open: order ? [] : thought.open, path },
    ])
    setKept(as)
  }
  return (
    <Side id="design.simulation" title={t('design.simulate')} onClose={onClose}>
      <p className="quiet">{t('design.simulate_note')}</p>
      <OrderPick value={order} onChange={setOrder} />
      {!order && (
        <>
          <h3>{t('design.or_values')}</h3>
          <Values given={given} onChange={setGiven} />
        </>
      )}
      <Button type="primary" loading={run.isPending} onClick={go} data-testid="design.try.go">
        {t('design.try_go')}
      </Button>
      <Refusal error={run.error} id="design.try" />
      {told && <Result trial={told} onShow={onShow} />}
      {told && onCases && !order && (
        <div className="beside">
          <Input
            placeholder={t('design.case_name')}
            aria-label={t('design.case_name')}
            maxLength={60}
            value={name}
            onChange={event => setName(event.target.value)}
            data-testid="design.try.case"
          />
          <Button disabled={!name.trim()} onClick={() => keep(name.trim())} data-testid="design.try.keep">
            {t('design.keep_case')}
          </Button>
        </div>
      )}
      {kept && (
        <p className="quiet" role="status">
          {t('design.case_kept', { name: kept })}
        </p>
      )}
      {told && (doc.purpose ?? 'confirmation') === 'confirmation' && !playing && (
        <Button
          onClick={() => setPlaying(order ? { order } : { facts: thought.facts })}
          data-testid="design.try.play"
        >
          {t('design.play.begin')}
        </Button>
      )}
      {told && playing && <PlayPanel flowKey={flowKey} input={playing} onWay={onTrial} onShow={onShow} />}
      {cases.length > 0 && (
        <>
          <h3>{t('design.cases', { count: cases.length })}</h3>
          <ul className="prose">
            {cases.map(each => (
              <li key={each.name}>{each.name}</li>
            ))}
          </ul>
        </>
      )}
    </Side>
  )
}

/** Puts a real order to the condition of one lane: what each row saw, and whether it held. */
export function TryLane({ lies, flowKey }: { lies: Lies; flowKey: string }) {
  const { t, words } = useWords()
  const { doc } = useDesign()
  const [order, setOrder] = useState<string>()
  const run = useTrial(flowKey)
  const way = run.data?.ways.find(each => each.node === lies.block && each.lane === lies.lane)
  const choose = (next: string | undefined) => {
    setOrder(next)
    if (next) run.mutate({ doc, order: next })
  }
  return (
    <div className="try-lane" data-testid="design.try_lane_panel">
      <OrderPick value={order} onChange={choose} />
      <Refusal error={run.error} id="design.try_lane" />
      {way && (
        <ul data-testid="design.try_rows" data-count={way.rows.length} data-taken={way.taken}>
          {way.rows.map(row => (
            <li key={row.text.zh} data-holds={row.holds}>
              {row.holds ? (
                <CheckCircleFilled className="row-yes" title={t('design.row_yes')} />
              ) : (
                <CloseCircleOutlined className="row-no" title={t('design.row_no')} />
              )}{' '}
              {words(row.text)}
            </li>
          ))}
          <li className="strong">{t(way.taken ? 'design.lane_taken' : 'design.lane_not_taken')}</li>
        </ul>
      )}
    </div>
  )
}
