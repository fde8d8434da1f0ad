import { Link } from '@tanstack/react-router'
import { useFlows } from '../../api/admin'
import type { FlowVersion } from '../../api/types'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading } from '../../ui/states'
import { When } from '../../ui/Time'

export function FlowState({ state }: { state: string }) {
  const { code } = useWords()
  return (
    <span className={state === 'active' ? 'tag tag-green' : 'tag tag-grey'}>{code('flow_state', state)}</span>
  )
}

/** The version in force, or the last one that was. */
const shown = (versions: FlowVersion[]) => versions.find(each => each.state === 'active') ?? versions[0]

/** Which rules there are for orders, and since when. */
export default function Flows() {
  const { t, words } = useWords()
  const { data, error, isPending, refetch } = useFlows()
  const keys = [...new Set(data?.map(flow => flow.key))]
  return (
    <div className="page flows" data-testid="flows.page">
      <h1>{t('nav.flows')}</h1>
      {isPending && <Loading />}
      {error && !data && <Failed id="flows" error={error} retry={() => refetch()} />}
      {data?.length === 0 && <Empty id="flows" text={t('flow.none')} />}
      <ul className="card" data-testid="flows.list" data-count={keys.length}>
        {keys.map(key => {
          const versions = data?.filter(flow => flow.key === key) ?? []
          const flow = shown(versions)
          if (!flow) return null
          return (
            <li key={key} className="intake-row">
              <Link
                to="/automation/flows/$key"
                params={{ key }}
                className="strong"
                data-testid={`flows.open:${key}`}
              >
                {words(flow.name) || key}
              </Link>
              <FlowState state={flow.state} />
              <span>v{flow.version}</span>
              <span className="grow quiet">
                {t('flow.published', { who: flow.published_by })} <When at={flow.published_at} />
                {flow.note && ` · ${flow.note}`}
              </span>
              <span className="quiet">{t('flow.versions', { count: versions.length })}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
