import { Button } from 'antd'
import { useState } from 'react'
import { useFlows, useMay } from '../../api/admin'
import {
  useApproveRelease,
  usePublish,
  useRelease,
  useReleaseChanges,
  useWithdrawRelease,
} from '../../api/flows'
import { useWords } from '../../i18n'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { Refusal } from '../../ui/states'
import { When } from '../../ui/Time'
import { Sentences } from './Sentences'

/** A release that waits: for a second person, for its time, or for what has become wrong since. Either may take it back. */
export function ReleaseCard({ flowKey, base }: { flowKey: string; base: number | undefined }) {
  const { t, lang } = useWords()
  const may = useMay()
  const release = useRelease(flowKey)
  const changes = useReleaseChanges(flowKey, release ? base : undefined, lang)
  const approve = useApproveRelease(flowKey)
  const withdraw = useWithdrawRelease(flowKey)
  const [refusing, setRefusing] = useState(false)
  if (!release) return null
  const forApproval = release.waits_for.includes('approval')
  return (
    <section className="card release" aria-label={t('release.title')} data-testid="release.card">
      <h2>{t('release.title')}</h2>
      <p>
        <span className="tag tag-amber">{t('release.waits')}</span>{' '}
        {release.waits_for.map(each => t(`release.for.${each}`)).join(t('list.comma'))}
      </p>
      <p>
        {t('release.asked', { who: release.asked_by })} <When at={release.asked_at} />
        {t('release.note', { note: release.note })}
      </p>
      {release.effective_at && (
        <p data-testid="release.effective">
          {t('release.effective')} <When at={release.effective_at} />
        </p>
      )}
      {release.approved_by && <p>{t('release.approved', { who: release.approved_by })}</p>}
      {release.failed.length > 0 && (
        <p className="ink-red" role="status">
          {t('release.failed', { marks: release.failed.join(t('list.comma')) })}
        </p>
      )}
      {changes.data && (
        <details open={forApproval}>
          <summary>{t('release.changes', { count: changes.data.length })}</summary>
          <Sentences
            id="release.diff"
            title={t('flow.diff_release', { name: flowKey, before: base ?? 0 })}
            sentences={changes.data}
          />
        </details>
      )}
      <Refusal error={approve.error} id="release" />
      <div className="beside no-print">
        {forApproval && may('approve_flows') && (
          <Button
            type="primary"
            loading={approve.isPending}
            onClick={() => approve.mutate(undefined)}
            data-testid="release.approve"
          >
            {t('release.approve')}
          </Button>
        )}
        {(may('publish_flows') || may('approve_flows')) && (
          <Button danger onClick={() => setRefusing(true)} data-testid="release.withdraw">
            {t(forApproval ? 'release.refuse' : 'release.withdraw')}
          </Button>
        )}
      </div>
      {refusing && (
        <ReasonDialog
          id="release.reason"
          title={t(forApproval ? 'release.refuse' : 'release.withdraw')}
          label={t('release.reason')}
          busy={withdraw.isPending}
          error={withdraw.error}
          onSend={reason => withdraw.mutate(reason, { onSuccess: () => setRefusing(false) })}
          onClose={() => setRefusing(false)}
        />
      )}
    </section>
  )
}

/** The way back to the version before, which the server offers for a while after a version came into force. */
export function RollBack({ flowKey }: { flowKey: string }) {
  const { t } = useWords()
  const may = useMay()
  const { data: flows } = useFlows()
  const publish = usePublish(flowKey)
  const [asking, setAsking] = useState(false)
  const back = flows?.find(each => each.key === flowKey && each.state === 'active')?.rollback
  if (!back || !may('publish_flows')) return null
  return (
    <p className="beside no-print">
      <Button danger onClick={() => setAsking(true)} data-testid="flow.roll_back">
        {t('flow.roll_back', { version: back.version })}
      </Button>
      <span className="quiet">
        {t('flow.roll_back_until')} <When at={back.until} />
      </span>
      {asking && (
        <ReasonDialog
          id="flow.roll_back_dialog"
          title={t('flow.roll_back', { version: back.version })}
          label={t('flow.roll_back_note')}
          busy={publish.isPending}
          error={publish.error}
          onSend={note =>
            publish.mutate({ note, restore: back.version }, { onSuccess: () => setAsking(false) })
          }
          onClose={() => setAsking(false)}
        />
      )}
    </p>
  )
}
