import { Select } from 'antd'
import { useFlowDiff } from '../../api/admin'
import type { FlowVersion } from '../../api/types'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading } from '../../ui/states'
import { Sentences } from './Sentences'

/** What changed between two versions, one sentence each. */
export function FlowDiff({
  flow,
  before,
  versions,
  onChoose,
}: {
  flow: FlowVersion
  before: number
  versions: FlowVersion[]
  onChoose: (version: number) => void
}) {
  const { t, lang, words } = useWords()
  const { data, error, isPending, isEnabled, refetch } = useFlowDiff(flow.key, before, flow.version, lang)
  const others = versions.filter(each => each.version !== flow.version)
  if (!others.length) return <Empty id="flow.diff" text={t('flow.one_version')} />
  return (
    <>
      <label className="field leaver-who">
        <span>{t('flow.compare_with', { version: flow.version })}</span>
        <Select
          aria-label={t('flow.compare_with', { version: flow.version })}
          value={before === flow.version ? undefined : before}
          onChange={onChoose}
          options={others.map(each => ({ value: each.version, label: `v${each.version}` }))}
          data-testid="flow.before"
        />
      </label>
      {isPending && isEnabled && <Loading rows={4} />}
      {error && !data && <Failed id="flow.diff" error={error} retry={() => refetch()} />}
      {data && (
        <Sentences
          id="flow.diff"
          title={t('flow.diff_of', { name: words(flow.name), before, version: flow.version })}
          sentences={data}
        />
      )}
    </>
  )
}
