import { Button, Input } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type HandRules as Rules, type Tagged, useHandRules, usePutHandRules } from '../../api/settings'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'

function Editor({ read }: { read: Tagged<Rules> }) {
  const { t } = useWords()
  const readOnly = !useMay()('write_users')
  const write = usePutHandRules()
  const [from, setFrom] = useState(read.body.second_person_from ?? '')
  /** Of what is on screen: what somebody else has put since is refused, not overwritten. */
  const [tag, setTag] = useState(read.tag)
  const save = () =>
    write.mutate(
      { body: { second_person_from: from.trim() || null }, tag },
      { onSuccess: answer => setTag(`"${answer.tag}"`) },
    )
  return (
    <section className="card tab-body form" data-testid="hand_rules.form">
      <h2>{t('hand_rules.title')}</h2>
      <p className="quiet">{t('hand_rules.note')}</p>
      <label className="field">
        <span>{t('hand_rules.from')}</span>
        <Input
          inputMode="decimal"
          disabled={readOnly}
          placeholder={t('rules.never')}
          value={from}
          onChange={event => setFrom(event.target.value)}
          data-testid="hand_rules.from"
        />
      </label>
      <Refusal id="hand_rules" error={write.error} />
      {!readOnly && (
        <Button type="primary" loading={write.isPending} onClick={save} data-testid="hand_rules.save">
          {t('action.save')}
        </Button>
      )}
      {write.isSuccess && (
        <p role="status" data-testid="hand_rules.saved">
          {t('organisation.saved')}
        </p>
      )}
    </section>
  )
}

/** From which amount on two people are needed for what is done to an order by hand. */
export function HandRules() {
  const { data, error, isPending, refetch } = useHandRules()
  if (isPending) return <Loading rows={2} />
  if (error || !data) return <Failed id="hand_rules" error={error} retry={() => refetch()} />
  return <Editor read={data} />
}
