import { CheckCircleFilled, MinusCircleOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { Problem } from '../../api/problem'
import { type StartStep, useStart } from '../../api/start'
import { useWords } from '../../i18n'
import { Loading, PageFailed } from '../../ui/states'
import { LoadStep } from './LoadStep'

/** What each step asks for, and who has it where the caller has not. */
const steps: { step: StartStep; permission: string | null }[] = [
  { step: 'company', permission: null },
  { step: 'people', permission: 'write_users' },
  { step: 'customers', permission: 'write_master' },
  { step: 'products', permission: 'write_master' },
  { step: 'stock', permission: 'feed_stock' },
  { step: 'order', permission: 'write_orders' },
]

function Company() {
  const { t } = useWords()
  const { data: me } = useMe()
  const facts = [
    ['name', me?.company.name],
    ['currency', me?.company.currency],
    ['timezone', me?.company.timezone],
  ] as const
  return (
    <>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`start.company_${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">{t('start.company_note')}</p>
    </>
  )
}

function People({ departments, empty }: Pick<ReturnType<typeof useStart>, 'departments' | 'empty'>) {
  const { t, words } = useWords()
  return (
    <>
      <ul className="start-departments" data-testid="start.departments" data-count={departments.length}>
        {departments.map(({ code, name, members }) => (
          <li key={code} className={members ? undefined : 'quiet'}>
            {words(name)} <span className="num">{t('start.members', { count: members })}</span>
          </li>
        ))}
      </ul>
      {empty.length > 0 && (
        <p className="quiet">
          {t('start.empty_departments', {
            names: empty.map(({ name }) => words(name)).join(t('list.comma')),
          })}
        </p>
      )}
      <LoadStep kind="people" />
    </>
  )
}

function Step({
  step,
  index,
  state,
  open,
  allowed,
  onOpen,
  children,
}: {
  step: StartStep
  index: number
  /** Null where the caller may not know. */
  state: boolean | null | undefined
  open: boolean
  allowed: boolean
  onOpen: () => void
  children: ReactNode
}) {
  const { t } = useWords()
  return (
    <li className="card start-step" data-testid={`start.step:${step}`} data-done={state ?? ''}>
      <button
        type="button"
        className="start-head"
        aria-expanded={open}
        onClick={onOpen}
        data-testid={`start.open:${step}`}
      >
        {state ? (
          <CheckCircleFilled className="start-done" aria-label={t('start.done')} />
        ) : (
          <MinusCircleOutlined className="quiet" aria-label={t('start.to_do')} />
        )}
        <span className="strong">
          {index + 1}. {t(`start.step.${step}`)}
        </span>
        <span className="quiet grow">{t(`start.about.${step}`)}</span>
      </button>
      {open && <div className="start-body">{allowed ? children : <p>{t(`start.ask.${step}`)}</p>}</div>}
    </li>
  )
}

/** From an empty installation to the first confirmed order. Each step ticks itself from what is really there. */
export default function Start() {
  const { t } = useWords()
  const may = useMay()
  const { data: me } = useMe()
  const { done, departments, empty } = useStart()
  const first = steps.find(({ step }) => done[step] === false)?.step
  const [open, setOpen] = useState<StartStep | null>()
  // Only once: what a step has to say, such as first passwords, stays open when the step is done.
  if (open === undefined && first) setOpen(first)
  if (!me) return <Loading />
  if (!may('write_users') && !may('write_master'))
    return (
      <PageFailed id="start" error={new Problem(403, { detail: t('start.forbidden') })}>
        <Link to="/" data-testid="start.home">
          {t('nav.workbench')}
        </Link>
      </PageFailed>
    )
  const count = steps.filter(({ step }) => done[step]).length
  const body: Record<StartStep, ReactNode> = {
    company: <Company />,
    people: <People departments={departments} empty={empty} />,
    customers: <LoadStep kind="customers" />,
    products: <LoadStep kind="products" />,
    stock: <LoadStep kind="stock" />,
    order: (
      <>
        <p>{t('start.order_note')}</p>
        <Link to="/orders/new" data-testid="start.new_order">
          <Button type="primary">{t('nav.order_new')}</Button>
        </Link>
      </>
    ),
  }
  return (
    <div className="page start" data-testid="start.page" data-count={count}>
      <div className="page-head">
        <h1>{t('start.title')}</h1>
        <span className="quiet" aria-live="polite" data-testid="start.progress">
          {count === steps.length ? t('start.finished') : t('start.progress', { count, total: steps.length })}
        </span>
      </div>
      <ol className="start-steps">
        {steps.map(({ step, permission }, i) => (
          <Step
            key={step}
            step={step}
            index={i}
            state={done[step]}
            open={open === step}
            allowed={!permission || may(permission)}
            onOpen={() => setOpen(open === step ? null : step)}
          >
            {body[step]}
          </Step>
        ))}
      </ol>
    </div>
  )
}
