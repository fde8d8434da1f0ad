import { Button } from 'antd'
import { useState } from 'react'
import { useFlowOverview, usePublish } from '../../../api/flows'
import type { FlowVersion } from '../../../api/types'
import { useWords } from '../../../i18n'
import { ReasonDialog } from '../../../ui/ReasonDialog'
import { When } from '../../../ui/Time'
import { FlowState } from '../Flows'
import { Side } from './Drawer'
import { Migration } from './Migration'

/** All versions: who published them and why, how many orders are in them, and the way back to each. */
export function Versions({
  flowKey,
  versions,
  mayPublish,
  onShow,
  onBegin,
  nameOf,
  onClose,
}: {
  flowKey: string
  versions: FlowVersion[]
  mayPublish: boolean
  onShow: (version: number) => void
  /** Begins the draft anew from a version. */
  onBegin: (version: number) => void
  nameOf: (id: string) => string
  onClose: () => void
}) {
  const { t } = useWords()
  const { data: overview } = useFlowOverview()
  const [restoring, setRestoring] = useState<number>()
  const [moving, setMoving] = useState(false)
  const publish = usePublish(flowKey)
  const active = versions.find(each => each.state === 'active')
  const standing = (version: number) =>
    overview?.under_way.find(each => each.key === flowKey && each.version === version)?.orders ?? 0
  const older = versions.some(each => each.version !== active?.version && standing(each.version) > 0)
  return (
    <Side id="design.versions_panel" title={t('design.versions')} onClose={onClose}>
      <ul className="version-list" data-testid="design.version_list" data-count={versions.length}>
        {versions.map(each => (
          <li key={each.version}>
            <div className="beside">
              <span className="strong">v{each.version}</span>
              <FlowState state={each.state} />
              <span className="grow quiet num">{t('flow.standing', { count: standing(each.version) })}</span>
            </div>
            <div>{each.note}</div>
            <div className="quiet">
              {t('flow.published', { who: each.published_by })} <When at={each.published_at} />
            </div>
            <div className="beside">
              <Button
                size="small"
                onClick={() => onShow(each.version)}
                data-testid={`design.show:${each.version}`}
              >
                {t('design.show_version')}
              </Button>
              {mayPublish && (
                <Button
                  size="small"
                  onClick={() => onBegin(each.version)}
                  data-testid={`design.begin:${each.version}`}
                >
                  {t('design.begin_from')}
                </Button>
              )}
              {mayPublish && each.state !== 'active' && (
                <Button
                  size="small"
                  danger
                  onClick={() => setRestoring(each.version)}
                  data-testid={`design.restore:${each.version}`}
                >
                  {t('design.restore')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {mayPublish && older && active && !moving && (
        <Button onClick={() => setMoving(true)} data-testid="design.move_orders">
          {t('design.move_orders')}
        </Button>
      )}
      {moving && active && <Migration flowKey={flowKey} version={active.version} nameOf={nameOf} />}
      {restoring !== undefined && (
        <ReasonDialog
          id="design.restore_dialog"
          title={t('design.restore_title', { version: restoring })}
          label={t('design.restore_note')}
          busy={publish.isPending}
          error={publish.error}
          onSend={note =>
            publish.mutate({ note, restore: restoring }, { onSuccess: () => setRestoring(undefined) })
          }
          onClose={() => setRestoring(undefined)}
        />
      )}
    </Side>
  )
}
