import { DownloadOutlined } from '@ant-design/icons'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useFlows, useMay, useSop } from '../../api/admin'
import type { FlowVersion } from '../../api/types'
import { flowTabs } from '../../app/places'
import { useWords } from '../../i18n'
import { Markdown } from '../../ui/Markdown'
import { Failed, Loading } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { When } from '../../ui/Time'
import { FlowDiff } from './FlowDiff'
import { FlowState } from './Flows'
import { ReleaseCard, RollBack } from './Release'

const placeOf = (flow: FlowVersion) =>
  `/api/v1/flows/${encodeURIComponent(flow.key)}/versions/${flow.version}`

function Exports({ flow }: { flow: FlowVersion }) {
  const { t, lang } = useWords()
  const forms = [
    ['svg', `picture.svg?lang=${lang}`],
    ['md', `sop?lang=${lang}`],
    ['bpmn', `bpmn?lang=${lang}`],
    ['json', ''],
  ] as const
  return (
    <div className="decision-buttons">
      {forms.map(([form, path]) => (
        <Button
          key={form}
          icon={<DownloadOutlined aria-hidden />}
          href={path ? `${placeOf(flow)}/${path}` : placeOf(flow)}
          download={`${flow.key}-v${flow.version}.${form}`}
          data-testid={`flow.export:${form}`}
        >
          {t(`flow.export.${form}`)}
        </Button>
      ))}
    </div>
  )
}

function Picture({ flow }: { flow: FlowVersion }) {
  const { t, lang, words } = useWords()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className="flow-picture" tabIndex={0}>
      <img
        src={`${placeOf(flow)}/picture.svg?lang=${lang}`}
        alt={t('flow.picture_of', { name: words(flow.name), version: flow.version })}
        data-testid="flow.picture"
      />
    </div>
  )
}

function Sop({ flow }: { flow: FlowVersion }) {
  const { lang } = useWords()
  const { data, error, isPending, refetch } = useSop(flow.key, flow.version, lang)
  if (isPending) return <Loading rows={10} />
  if (error || data === undefined) return <Failed id="flow.sop" error={error} retry={() => refetch()} />
  return <Markdown text={data} id="flow.sop" />
}

function Versions({ versions, onChoose }: { versions: FlowVersion[]; onChoose: (version: number) => void }) {
  const { t } = useWords()
  return (
    <ul data-testid="flow.versions" data-count={versions.length}>
      {versions.map(each => (
        <li key={each.version} className="intake-row">
          <Button
            size="small"
            onClick={() => onChoose(each.version)}
            data-testid={`flow.version:${each.version}`}
          >
            v{each.version}
          </Button>
          <FlowState state={each.state} />
          <span className="grow">{each.note}</span>
          <span className="quiet">
            {t('flow.published', { who: each.published_by })} <When at={each.published_at} />
          </span>
        </li>
      ))}
    </ul>
  )
}

/** One flow to read: its picture, its procedure, its versions and what changed between them. */
export default function FlowPage() {
  const { t, words } = useWords()
  const navigate = useNavigate()
  const may = useMay()
  const { key } = useParams({ from: '/automation/flows/$key' })
  const search = useSearch({ from: '/automation/flows/$key' })
  const { data, error, isPending, refetch } = useFlows()
  if (isPending) return <Loading rows={10} />
  if (!data) return <Failed id="flow" error={error} retry={() => refetch()} />
  const versions = data.filter(each => each.key === key)
  const flow =
    versions.find(each => each.version === search.version) ??
    versions.find(each => each.state === 'active') ??
    versions[0]
  if (!flow) return <Failed id="flow" error={error} />
  const earlier = versions.filter(each => each.version < flow.version)
  const before = search.before ?? earlier[0]?.version ?? flow.version
  const go = (next: Partial<typeof search>) =>
    navigate({ to: '/automation/flows/$key', params: { key }, search: { ...search, ...next }, replace: true })
  return (
    <div className="page flow" data-testid="flow.page" data-version={flow.version}>
      <div className="page-head">
        <h1>
          {words(flow.name) || key} <FlowState state={flow.state} />
        </h1>
        <Select
          aria-label={t('order.flow')}
          value={flow.version}
          onChange={version => go({ version })}
          options={versions.map(each => ({ value: each.version, label: `v${each.version}` }))}
          data-testid="flow.choose"
        />
      </div>
      <div className="decision-buttons">
        <Link
          to="/automation/flows/$key/design"
          params={{ key }}
          className="button-link"
          data-testid="flow.design"
        >
          {t(may('publish_flows') ? 'flow.design' : 'flow.look')}
        </Link>
      </div>
      <Exports flow={flow} />
      <RollBack flowKey={key} />
      <ReleaseCard flowKey={key} base={versions.find(each => each.state === 'active')?.version} />
      <TabBar
        id="flow.tab"
        label={words(flow.name)}
        value={search.tab}
        options={flowTabs.map(tab => ({ key: tab, text: t(`flow.tab.${tab}`) }))}
        onChange={tab => go({ tab })}
      />
      <div role="tabpanel" aria-label={t(`flow.tab.${search.tab}`)} className="card tab-body">
        {search.tab === 'picture' && <Picture flow={flow} />}
        {search.tab === 'sop' && <Sop flow={flow} />}
        {search.tab === 'versions' && <Versions versions={versions} onChoose={version => go({ version })} />}
        {search.tab === 'diff' && (
          <FlowDiff
            flow={flow}
            before={before}
            versions={versions}
            onChoose={version => go({ before: version })}
          />
        )}
      </div>
    </div>
  )
}
