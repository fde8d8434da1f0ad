import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useDelegations, useEndAbsence, useFlows, useLeave, useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import type { Delegation, Leave } from '../../api/types'
import { useWords } from '../../i18n'
import { Money } from '../../ui/Money'
import { Empty, Failed, Loading, Refusal } from '../../ui/states'
import { When } from '../../ui/Time'
import { DelegateDialog } from './DelegateDialog'
import { LeaveDialog } from './LeaveDialog'

const TONE: Record<string, string> = { running: 'green', coming: 'blue', over: 'grey' }

function State({ state }: { state: string }) {
  const { code } = useWords()
  return <span className={`tag tag-${TONE[state] ?? 'grey'}`}>{code('absence_state', state)}</span>
}

function Ending({
  kind,
  id,
  login,
  state,
}: {
  kind: 'leave' | 'delegations'
  id: string
  login: string
  state: string
}) {
  const { t } = useWords()
  const { data: me } = useMe()
  const may = useMay()
  const end = useEndAbsence()
  if (state === 'over' || !(login === me?.login || may('write_organisation'))) return null
  return (
    <>
      <Button
        size="small"
        loading={end.isPending}
        onClick={() => end.mutate({ kind, id })}
        data-testid={`absence.end:${id}`}
      >
        {t(state === 'running' ? 'absence.end_now' : 'absence.take_back')}
      </Button>
      <Refusal id="absence.end" error={end.error} />
    </>
  )
}

function FlowName({ flow }: { flow: string }) {
  const { words } = useWords()
  const { data } = useFlows()
  return <>{words(data?.find(each => each.key === flow)?.name) || flow}</>
}

function Scope({ delegation }: { delegation: Delegation }) {
  const { t } = useWords()
  const may = useMay()
  const { data: me } = useMe()
  if (delegation.amount_up_to)
    return (
      <>
        {t('absence.up_to')}{' '}
        <Money value={delegation.amount_up_to} currency={me?.company.currency ?? 'CNY'} />
      </>
    )
  if (delegation.flow) return may('read_flows') ? <FlowName flow={delegation.flow} /> : delegation.flow
  return t('absence.all')
}

function DelegationRow({ delegation }: { delegation: Delegation }) {
  const { t } = useWords()
  return (
    <li
      className="absence-row"
      data-testid={`absence.delegation:${delegation.to.login}`}
      data-state={delegation.state}
    >
      <State state={delegation.state} />
      <span className="strong">
        {delegation.from.name} → {delegation.to.name}
      </span>
      <span>
        <When at={delegation.starts_at} /> – <When at={delegation.ends_at} />
      </span>
      <span className="quiet">
        <Scope delegation={delegation} />
        {delegation.include_open && ` · ${t('absence.with_open')}`}
      </span>
      <Ending kind="delegations" id={delegation.id} login={delegation.from.login} state={delegation.state} />
    </li>
  )
}

function LeaveRow({ leave }: { leave: Leave }) {
  return (
    <li className="absence-row" data-testid={`absence.leave:${leave.who.login}`} data-state={leave.state}>
      <State state={leave.state} />
      <span className="strong">{leave.who.name}</span>
      <span>
        <When at={leave.from} /> – <When at={leave.until} />
      </span>
      <Ending kind="leave" id={leave.id} login={leave.who.login} state={leave.state} />
    </li>
  )
}

function Section({ title, button, children }: { title: string; button: ReactNode; children: ReactNode }) {
  return (
    <section className="card">
      <div className="card-head">
        <h2>{title}</h2>
        {button}
      </div>
      {children}
    </section>
  )
}

/** Who stands in for whom, and who is away. */
export default function Absence() {
  const { t } = useWords()
  const delegations = useDelegations()
  const leave = useLeave()
  const [asking, setAsking] = useState<'delegate' | 'leave'>()
  const close = () => setAsking(undefined)
  return (
    <div className="page absence" data-testid="absence.page">
      <h1>{t('nav.absence')}</h1>
      <Section
        title={t('absence.delegations')}
        button={
          <Button type="primary" onClick={() => setAsking('delegate')} data-testid="absence.delegate">
            {t('absence.delegate_new')}
          </Button>
        }
      >
        {delegations.isPending && <Loading rows={3} />}
        {delegations.error && !delegations.data && (
          <Failed id="absence.delegations" error={delegations.error} retry={() => delegations.refetch()} />
        )}
        {delegations.data?.length === 0 && (
          <Empty id="absence.delegations" text={t('absence.no_delegations')} />
        )}
        <ul data-testid="absence.delegations" data-count={delegations.data?.length}>
          {delegations.data?.map(each => (
            <DelegationRow key={each.id} delegation={each} />
          ))}
        </ul>
      </Section>
      <Section
        title={t('absence.leave')}
        button={
          <Button onClick={() => setAsking('leave')} data-testid="absence.leave_new">
            {t('absence.leave_new')}
          </Button>
        }
      >
        {leave.isPending && <Loading rows={3} />}
        {leave.error && !leave.data && (
          <Failed id="absence.leave" error={leave.error} retry={() => leave.refetch()} />
        )}
        {leave.data?.length === 0 && <Empty id="absence.leave" text={t('absence.no_leave')} />}
        <ul data-testid="absence.leaves" data-count={leave.data?.length}>
          {leave.data?.map(each => (
            <LeaveRow key={each.id} leave={each} />
          ))}
        </ul>
      </Section>
      {asking === 'delegate' && <DelegateDialog onClose={close} />}
      {asking === 'leave' && <LeaveDialog onClose={close} />}
    </div>
  )
}
