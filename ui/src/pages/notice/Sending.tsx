import { Button, InputNumber } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type NoticeRules, type Tagged, useNoticeRules, usePutNoticeRules } from '../../api/settings'
import { Conflict, useConflict } from '../../forms/Conflict'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'
import { Channels } from './Channels'

/** A day; the server takes no more. */
const MINUTES_MAX = 1_440

function Editor({ read }: { read: Tagged<NoticeRules> }) {
  const { t } = useWords()
  const readOnly = !useMay()('write_organisation')
  const write = usePutNoticeRules()
  const [minutes, setMinutes] = useState<number | null>(read.body.merge_minutes)
  const conflict = useConflict(read, write)
  const body = minutes !== null && { merge_minutes: minutes }
  const save = () => body && !conflict.isStale && conflict.send(body)
  return (
    <section className="card tab-body form" data-testid="notice_rules.form">
      <h2>{t('notice_rules.title')}</h2>
      <p className="quiet">{t('notice_rules.note')}</p>
      <label className="field">
        <span>{t('notice_rules.merge')}</span>
        <InputNumber
          aria-label={t('notice_rules.merge')}
          min={0}
          max={MINUTES_MAX}
          precision={0}
          disabled={readOnly}
          value={minutes}
          onChange={setMinutes}
          onPressEnter={save}
          data-testid="notice_rules.merge"
        />
      </label>
      {conflict.isStale ? (
        <Conflict
          id="notice_rules"
          rows={[
            {
              label: t('notice_rules.merge'),
              mine: String(minutes ?? ''),
              theirs: String(read.body.merge_minutes),
            },
          ]}
          pending={write.isPending}
          onTheirs={() => {
            setMinutes(read.body.merge_minutes)
            conflict.yield()
          }}
          onMine={() => body && conflict.insist(body)}
        />
      ) : (
        <Refusal id="notice_rules" error={write.error} />
      )}
      {!readOnly && !conflict.isStale && (
        <Button
          type="primary"
          disabled={minutes === null}
          loading={write.isPending}
          onClick={save}
          data-testid="notice_rules.save"
        >
          {t('action.save')}
        </Button>
      )}
      {write.isSuccess && (
        <p role="status" data-testid="notice_rules.saved">
          {t('organisation.saved')}
        </p>
      )}
    </section>
  )
}

/** How people of the house are told, and what carries messages other than mail. */
export function Sending() {
  const may = useMay()
  const { data, error, isPending, refetch } = useNoticeRules()
  if (isPending) return <Loading rows={3} />
  if (!data) return <Failed id="notice_rules" error={error} retry={() => refetch()} />
  return (
    <>
      <Editor read={data} />
      {may('read_connectors') && <Channels />}
    </>
  )
}
