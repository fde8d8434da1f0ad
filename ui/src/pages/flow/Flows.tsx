import { PlusOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useFlows, useMay } from '../../api/admin'
import { useDisable, useFlowOverview } from '../../api/flows'
import type { components } from '../../api/schema'
import type { FlowVersion } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useWords } from '../../i18n'
import { ReasonDialog } from '../../ui/ReasonDialog'
import { Empty, Failed, Loading } from '../../ui/states'
import { When } from '../../ui/Time'
import { NewFlowDialog } from './NewFlowDialog'

export function FlowState({ state }: { state: string }) {
  const { code } = useWords()
  const colour = { active: 'tag-green', draft: 'tag-blue', disabled: 'tag-amber' }[state] ?? 'tag-grey'
  return <span className={`tag ${colour}`}>{code('flow_state', state)}</span>
}

/** The flow that takes what no other does: it is always in force. */
const STANDARD = 'standard'

type Overview = components['schemas']['FlowOverview']

/** The version in force, or the last one that was. */
const shown = (versions: FlowVersion[]) => versions.find(each => each.state === 'active') ?? versions[0]

function Row({
  flowKey,
  versions,
  overview,
  mayPublish,
  onDisable,
}: {
  flowKey: string
  versions: FlowVersion[]
  overview: Overview | undefined
  mayPublish: boolean
  onDisable: () => void
}) {
  const { t, words } = useWords()
  const flow = shown(versions)
  const draft = overview?.drafts.find(each => each.key === flowKey)
  const active = flow?.state === 'active'
  const name = words(flow?.name ?? draft?.name) || flowKey
  const under = overview?.under_way.filter(each => each.key === flowKey) ?? []
  const total = under.reduce((sum, each) => sum + each.orders, 0)
  const older = under.filter(each => each.version !== flow?.version)
  return (
    <tr data-testid={`flows.row:${flowKey}`}>
      <td>
        <Link
          to="/automation/flows/$key"
          params={{ key: flowKey }}
          className="strong"
          data-testid={`flows.open:${flowKey}`}
        >
          {name}
        </Link>
        <div className="quiet">
          <code>{flowKey}</code>
        </div>
      </td>
      <td data-label={t('flow.col.active')}>
        {flow && <FlowState state={active ? 'active' : 'disabled'} />}{' '}
        {flow && <span className="nowrap">v{flow.version}</span>}
        {flow && (
          <div className="quiet">
            {t('flow.published', { who: flow.published_by })} <When at={flow.published_at} />
            {flow.note && ` · ${flow.note}`}
          </div>
        )}
      </td>
      <td data-label={t('flow.col.draft')}>
        {draft ? (
          <>
            <FlowState state="draft" />
            <div className="quiet">
              {draft.editor} <When at={draft.edited_at} />
            </div>
          </>
        ) : (
          <span className="quiet">–</span>
        )}
        {overview?.releases[flowKey] && (
          <div data-testid={`flows.release:${flowKey}`}>
            <span className="tag tag-amber">{t('release.waits')}</span>{' '}
            {overview.releases[flowKey].map(each => t(`release.for.${each}`)).join(t('list.comma'))}
          </div>
        )}
      </td>
      <td data-label={t('flow.col.scope')}>
        {words(overview?.scopes?.[flowKey]) || <span className="quiet">–</span>}
      </td>
      <td className="num right" data-label={t('flow.col.orders')}>
        {overview ? total : '…'}
        {older.length > 0 && (
          <div className="quiet nowrap">
            {older.map(each => `v${each.version}: ${each.orders}`).join(', ')}
          </div>
        )}
      </td>
      <td className="right">
        <span className="row-acts">
          <Link
            to="/automation/flows/$key/design"
            params={{ key: flowKey }}
            className="button-link"
            data-testid={`flows.design:${flowKey}`}
          >
            {t(mayPublish ? 'flow.design' : 'flow.look')}
          </Link>
          {mayPublish && active && flowKey !== STANDARD && (
            <Button size="small" danger onClick={onDisable} data-testid={`flows.disable:${flowKey}`}>
              {t('flow.disable')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  )
}

/** Which rules there are for orders, since when, who is changing them, and how many orders are in them. */
export default function Flows() {
  const { t } = useWords()
  const may = useMay()
  const { data, error, isPending, refetch } = useFlows()
  const { data: overview } = useFlowOverview()
  const [making, setMaking] = useState(false)
  const [disabling, setDisabling] = useState<string>()
  const disable = useDisable()
  const mayPublish = may('publish_flows')
  useKeys({ n: () => mayPublish && setMaking(true) })
  const keys = [
    ...new Set([...(data?.map(flow => flow.key) ?? []), ...(overview?.drafts.map(each => each.key) ?? [])]),
  ]
  return (
    <div className="page flows" data-testid="flows.page">
      <div className="page-head">
        <h1>{t('nav.flows')}</h1>
        {mayPublish && (
          <Button
            type="primary"
            icon={<PlusOutlined aria-hidden />}
            onClick={() => setMaking(true)}
            data-testid="flows.new"
          >
            {t('flow.new')}
          </Button>
        )}
      </div>
      {isPending && <Loading />}
      {error && !data && <Failed id="flows" error={error} retry={() => refetch()} />}
      {data?.length === 0 && <Empty id="flows" text={t('flow.none')} />}
      {keys.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="card table-wrap" aria-label={t('nav.flows')} tabIndex={0}>
          <table className="table table-cards" data-testid="flows.list" data-count={keys.length}>
            <thead>
              <tr>
                <th>{t('flow.col.name')}</th>
                <th>{t('flow.col.active')}</th>
                <th>{t('flow.col.draft')}</th>
                <th>{t('flow.col.scope')}</th>
                <th className="right">{t('flow.col.orders')}</th>
                <th className="right">{t('flow.col.acts')}</th>
              </tr>
            </thead>
            <tbody>
              {keys.map(key => (
                <Row
                  key={key}
                  flowKey={key}
                  versions={data?.filter(flow => flow.key === key) ?? []}
                  overview={overview}
                  mayPublish={mayPublish}
                  onDisable={() => setDisabling(key)}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {making && <NewFlowDialog known={keys} onClose={() => setMaking(false)} />}
      {disabling && (
        <ReasonDialog
          id="flows.disable_dialog"
          title={t('flow.disable_title')}
          label={t('flow.disable_reason')}
          busy={disable.isPending}
          error={disable.error}
          onSend={reason =>
            disable.mutate({ key: disabling, reason }, { onSuccess: () => setDisabling(undefined) })
          }
          onClose={() => setDisabling(undefined)}
        />
      )}
    </div>
  )
}
