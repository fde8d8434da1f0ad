import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useFlows, useMay } from '../../../api/admin'
import { readDraft, useFlowDoc, useFlowOverview, useVocabulary } from '../../../api/flows'
import { useMe } from '../../../api/hooks'
import type { FlowVersion } from '../../../api/types'
import { useWords } from '../../../i18n'
import { useNow } from '../../../ui/clock'
import { Failed, Loading } from '../../../ui/states'
import { When } from '../../../ui/Time'
import { Workplace } from './Workplace'

export const IDLE_POLL_MS = 15_000

/** The designer of one flow: its draft to edit, or a version to look at. */
export default function Designer() {
  const { key } = useParams({ from: '/automation/flows/$key/design' })
  const { version } = useSearch({ from: '/automation/flows/$key/design' })
  const { lang } = useWords()
  const { data: me } = useMe()
  const may = useMay()
  const flows = useFlows()
  const vocabulary = useVocabulary(lang)
  const draft = useQuery({
    queryKey: ['flow-draft', key],
    queryFn: () => readDraft(key),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const shown = useFlowDoc(key, version)
  const { data: overview } = useFlowOverview()
  const error = flows.error ?? vocabulary.error ?? draft.error ?? shown.error
  if (error)
    return (
      <div className="page">
        <Failed id="design" error={error} retry={() => draft.refetch()} />
      </div>
    )
  if (!me || !flows.data || !vocabulary.data || !draft.data || (version !== undefined && !shown.data))
    return <Loading rows={12} />
  const versions = flows.data.filter(each => each.key === key)
  return (
    <Opened
      key={`${version ?? 'draft'}:${draft.dataUpdatedAt}`}
      flowKey={key}
      version={version}
      draft={version !== undefined && shown.data ? { ...draft.data, doc: shown.data, cases: [] } : draft.data}
      versions={versions}
      vocabulary={vocabulary.data}
      overview={overview}
      login={me.login}
      person={me.name}
      mayPublish={may('publish_flows')}
      reload={() => void draft.refetch()}
    />
  )
}

type OpenedProps = Omit<Parameters<typeof Workplace>[0], 'canEdit' | 'state' | 'banner'> & {
  person: string
  versions: FlowVersion[]
}

/** Decides who may edit: whoever may publish, on the draft, while nobody else has it. */
function Opened({ person, ...props }: OpenedProps) {
  const { t } = useWords()
  const navigate = useNavigate()
  const now = useNow()
  const { draft, version, versions, flowKey, mayPublish } = props
  const active = versions.find(each => each.state === 'active')
  // The lock moves with every edit of whoever holds it, so what is on screen may be older than it.
  const held = useQuery({
    queryKey: ['flow-draft-lock', flowKey],
    queryFn: () => readDraft(flowKey),
    refetchInterval: IDLE_POLL_MS,
    enabled: version === undefined,
    initialData: draft,
    initialDataUpdatedAt: Date.now(),
  }).data
  const theirs = held.revision > 0 && held.editor && held.editor !== person ? held : undefined
  const locked =
    version === undefined &&
    theirs !== undefined &&
    draft.editor === theirs.editor &&
    Date.parse(theirs.locked_until ?? '') > now
  const idle = version === undefined && theirs !== undefined && draft.editor === theirs.editor && !locked
  const canEdit = mayPublish && version === undefined && !locked
  const toDraft = () =>
    navigate({ to: '/automation/flows/$key/design', params: { key: flowKey }, search: {} })
  const banner =
    version !== undefined ? (
      <div className="banner" role="status" data-testid="design.banner" data-kind="version">
        <span className="grow">
          {t(version === active?.version ? 'design.banner_active' : 'design.banner_history', { version })}
        </span>
        <Button size="small" onClick={toDraft} data-testid="design.to_draft">
          {t(mayPublish ? 'design.to_draft' : 'design.to_draft_read')}
        </Button>
      </div>
    ) : locked ? (
      <div className="banner banner-locked" role="status" data-testid="design.banner" data-kind="locked">
        <span className="grow">
          {t('design.banner_locked', { who: theirs?.editor ?? '' })} <When at={theirs?.edited_at} />
        </span>
        <Button size="small" onClick={props.reload} data-testid="design.reload">
          {t('design.reload')}
        </Button>
      </div>
    ) : idle && mayPublish ? (
      <div className="banner" role="status" data-testid="design.banner" data-kind="idle">
        <span className="grow">{t('design.banner_idle', { who: theirs?.editor ?? '' })}</span>
      </div>
    ) : !mayPublish ? (
      <div className="banner" role="status" data-testid="design.banner" data-kind="no_right">
        <span className="grow">{t('design.banner_no_right')}</span>
      </div>
    ) : null
  const state = version === undefined ? 'draft' : version === active?.version ? 'active' : 'history'
  return <Workplace {...props} canEdit={canEdit} state={state} banner={banner} />
}
