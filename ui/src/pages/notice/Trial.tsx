import { Alert, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useOrders } from '../../api/hooks'
import { type NoticeTextBody, useNoticeTrial } from '../../api/noticeTexts'
import { asProblem } from '../../api/problem'
import { useWords } from '../../i18n'
import { Empty, Loading, Refusal } from '../../ui/states'

/** Whoever types is not asked about every letter. */
const STILL_MS = 300
/** One message by SMS; where there are several, each holds a little less. */
const SMS = 70
const SMS_OF_MANY = 67

function useStill<Value>(value: Value): Value {
  const [still, setStill] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), STILL_MS)
    return () => clearTimeout(timer)
  }, [value])
  return still
}

const messages = (length: number) => (length <= SMS ? 1 : Math.ceil(length / SMS_OF_MANY))

/** What the text says of a real order, and everything in it that cannot be, while it is written. */
export function Trial({ item }: { item: NoticeTextBody }) {
  const { t, lang } = useWords()
  const orders = useOrders({ view: 'all' })
  const known = orders.data?.pages[0]?.items ?? []
  const [chosen, setChosen] = useState<string>()
  const order = chosen ?? known[0]?.id
  const still = useStill(JSON.stringify(item))
  const trial = useNoticeTrial(order, JSON.parse(still) as NoticeTextBody)
  const faults = trial.error ? asProblem(trial.error).findings : []
  const made = trial.error ? undefined : trial.data
  return (
    <section className="card tab-body" aria-label={t('notice_text.preview')}>
      <h2>{t('notice_text.preview')}</h2>
      <Select
        className="chooser"
        aria-label={t('notice_text.order')}
        value={order}
        onChange={setChosen}
        options={known.map(each => ({
          value: each.id,
          label: [each.number, each.customer_name].filter(Boolean).join(' · '),
        }))}
        data-testid="notice_text.order"
      />
      {orders.data && known.length === 0 && (
        <Empty id="notice_text.preview" text={t('notice_text.no_order')} />
      )}
      {order && trial.isPending && <Loading rows={4} />}
      {faults.length > 0 && (
        <Alert
          type="error"
          showIcon
          role="alert"
          data-testid="notice_text.faults"
          data-count={faults.length}
          title={t('notice_text.faulty')}
          description={faults.map(fault => <div key={fault.id}>{fault.message[lang]}</div>)}
        />
      )}
      {faults.length === 0 && <Refusal id="notice_text.preview" error={trial.error} />}
      {made && (
        <div className="mail" lang={item.lang} data-testid="notice_text.preview" data-live="notice_text">
          {made.subject && <h3>{made.subject}</h3>}
          <p className="said">{made.text}</p>
        </div>
      )}
      {made && item.channel === 'sms' && (
        <p className="quiet" data-testid="notice_text.length">
          {t('notice_text.length', { length: made.text.length, count: messages(made.text.length) })}
        </p>
      )}
    </section>
  )
}
