import { Button, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type SupplyRules, type Tagged, usePutSupplyRules, useSupplyRules } from '../../api/settings'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'

function Editor({ read }: { read: Tagged<SupplyRules> }) {
  const { t } = useWords()
  const readOnly = !useMay()('write_organisation')
  const write = usePutSupplyRules()
  const [rules, setRules] = useState(read.body)
  /** Of what is on screen: what somebody else has put since is refused, not overwritten. */
  const [tag, setTag] = useState(read.tag)
  const flag = (name: 'shortage_asks_purchasing' | 'shortage_plans_work' | 'promise_from_supply') => (
    <label className="switch-row">
      <Switch
        size="small"
        aria-label={t(`rules.${name}`)}
        disabled={readOnly}
        checked={rules[name]}
        onChange={on => setRules({ ...rules, [name]: on })}
        data-testid={`rules.${name}`}
      />
      <span>{t(`rules.${name}`)}</span>
    </label>
  )
  return (
    <section className="card tab-body form supply-rules" data-testid="rules.form">
      <h2>{t('rules.title')}</h2>
      {flag('promise_from_supply')}
      {flag('shortage_asks_purchasing')}
      {flag('shortage_plans_work')}
      <label className="field">
        <span>{t('rules.stale')}</span>
        <InputNumber
          aria-label={t('rules.stale')}
          min={1}
          max={10_000}
          disabled={readOnly}
          placeholder={t('rules.never')}
          value={rules.stock_stale_hours}
          onChange={hours => setRules({ ...rules, stock_stale_hours: hours })}
          data-testid="rules.stale"
        />
      </label>
      <label className="field">
        <span>{t('rules.reservation')}</span>
        <InputNumber
          aria-label={t('rules.reservation')}
          min={1}
          max={10_080}
          disabled={readOnly}
          placeholder={t('rules.never')}
          value={rules.reservation_minutes}
          onChange={minutes => setRules({ ...rules, reservation_minutes: minutes })}
          data-testid="rules.reservation"
        />
      </label>
      <label className="field">
        <span>{t('rules.answer')}</span>
        <InputNumber
          aria-label={t('rules.answer')}
          min={1}
          max={43_200}
          disabled={readOnly}
          placeholder={t('rules.never')}
          value={rules.shortage_answer_minutes}
          onChange={minutes => setRules({ ...rules, shortage_answer_minutes: minutes })}
          data-testid="rules.answer"
        />
      </label>
      <label className="field">
        <span>{t('rules.levels')}</span>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          aria-label={t('rules.levels')}
          placeholder={t('rules.levels_none')}
          disabled={readOnly}
          value={rules.priority_levels}
          onChange={levels => setRules({ ...rules, priority_levels: levels })}
          data-testid="rules.levels"
        />
      </label>
      <Refusal id="rules" error={write.error} />
      {!readOnly && (
        <Button
          type="primary"
          loading={write.isPending}
          onClick={() =>
            write.mutate({ body: rules, tag }, { onSuccess: answer => setTag(`"${answer.tag}"`) })
          }
          data-testid="rules.save"
        >
          {t('action.save')}
        </Button>
      )}
      {write.isSuccess && (
        <p role="status" data-testid="rules.saved">
          {t('organisation.saved')}
        </p>
      )}
    </section>
  )
}

/** What is done where goods are short. */
export function Rules() {
  const { data, error, isPending, refetch } = useSupplyRules()
  if (isPending) return <Loading rows={4} />
  if (error || !data) return <Failed id="rules" error={error} retry={() => refetch()} />
  return <Editor read={data} />
}
