import { Link, useSearch } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useDependence, useHandOver, useMay, useUsers } from '../../api/admin'
import { ColleagueSelect } from '../../forms/ColleagueSelect'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'
import { DependenceView } from './DependenceView'

/** The last step: everything open goes to somebody else, and what cannot is named. */
function HandOver({ id, open }: { id: string; open: number }) {
  const { t, code } = useWords()
  const may = useMay()
  const [to, setTo] = useState<string>()
  const [reason, setReason] = useState('')
  const write = useHandOver()
  const ready = Boolean(to) && reason.trim() !== '' && !write.isPending
  if (!may('intervene')) return <p className="quiet">{t('leaver.not_yours')}</p>
  if (write.data)
    return (
      <div data-testid="leaver.result" data-handed={write.data.handed_over}>
        <p className="strong">
          {t('leaver.result', { done: write.data.handed_over, refused: write.data.refused })}
        </p>
        <ul>
          {write.data.items
            .filter(item => !item.handed_over)
            .map(item => (
              <li key={item.task_id} className="absence-row">
                <Link to="/orders/$id" params={{ id: item.order_id }}>
                  {t('leaver.open_order')}
                </Link>
                <span className="ink-red">{code('reason', item.code)}</span>
              </li>
            ))}
        </ul>
      </div>
    )
  return (
    <div className="leaver-form">
      <label className="field">
        <span>{t('leaver.to')}</span>
        <ColleagueSelect id="leaver.to" label={t('leaver.to')} value={to} self onChange={setTo} />
      </label>
      <label className="field">
        <span>{t('task.reason')}</span>
        <Input
          maxLength={500}
          value={reason}
          onChange={event => setReason(event.target.value)}
          data-testid="leaver.reason"
        />
      </label>
      <Refusal id="leaver" error={write.error} />
      <Button
        type="primary"
        disabled={!ready}
        loading={write.isPending}
        onClick={() => to && write.mutate({ id, to, reason: reason.trim() })}
        data-testid="leaver.send"
      >
        {t('leaver.send', { count: open })}
      </Button>
    </div>
  )
}

/** Somebody leaves: who, what depends on them, and who takes their open work. */
export default function Leavers() {
  const { t, code } = useWords()
  const users = useUsers()
  const { who } = useSearch({ from: '/settings/leavers' })
  const [id, setId] = useState(who)
  const found = useDependence(id)
  return (
    <div className="page leavers" data-testid="leavers.page">
      <h1>{t('nav.leavers')}</h1>
      <section className="card tab-body">
        <h2>{t('leaver.step_who')}</h2>
        {users.error && !users.data && (
          <Failed id="leavers" error={users.error} retry={() => users.refetch()} />
        )}
        <label className="field leaver-who">
          <span>{t('leaver.who')}</span>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('leaver.who')}
            placeholder={t('people.choose')}
            loading={users.isPending}
            value={id}
            onChange={setId}
            options={users.data?.map(user => ({
              value: user.id,
              label: `${user.name} (${user.login})${user.department ? ` · ${code('department', user.department)}` : ''}`,
            }))}
            data-testid="leaver.who"
          />
        </label>
      </section>
      {id && (
        <section className="card tab-body">
          <h2>{t('leaver.step_what')}</h2>
          {found.isPending && <Loading />}
          {found.error && !found.data && (
            <Failed id="leaver" error={found.error} retry={() => found.refetch()} />
          )}
          {found.data && <DependenceView found={found.data} />}
        </section>
      )}
      {id && found.data && (
        <section className="card tab-body">
          <h2>{t('leaver.step_hand_over')}</h2>
          <HandOver key={id} id={id} open={found.data.open_tasks} />
        </section>
      )}
    </div>
  )
}
