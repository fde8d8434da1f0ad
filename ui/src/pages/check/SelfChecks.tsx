import { CheckCircleOutlined, WarningOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Alert, Button, Select } from 'antd'
import { useRunSelfCheck, useSelfChecks, useSetInterval } from '../../api/checks'
import { useMe } from '../../api/hooks'
import type { components } from '../../api/schema'
import { useWords } from '../../i18n'
import { Empty, Failed, Loading, Refusal } from '../../ui/states'
import { When } from '../../ui/Time'

type Check = components['schemas']['SelfCheckResult']
const INTERVALS = [0, 15, 60, 240, 1440]

/** Where each finding is looked into. */
const PLACES: Record<string, string> = {
  runs_stuck: '/orders',
  tasks_stalled: '/orders',
  exceptions_late: '/exceptions',
  flows_unready: '/automation/flows',
  stock_stale: '/stock',
  log_head: '/audit',
}

function Row({ result }: { result: Check }) {
  const { t, words } = useWords()
  const place = PLACES[result.check]
  return (
    <li data-testid={`check.result:${result.check}`} data-count={result.count}>
      {result.count > 0 ? (
        <WarningOutlined aria-hidden className="warn" />
      ) : (
        <CheckCircleOutlined aria-hidden className="well" />
      )}{' '}
      <span className="strong">{words(result.name)}</span>{' '}
      <span className="tag">
        {result.count > 0 ? t('check.found', { count: result.count }) : t('check.well')}
      </span>
      {result.count > 0 && (
        <p>
          {result.example && t('check.example', { example: result.example })} {words(result.advice)}{' '}
          {place && (
            <Link to={place} data-testid={`check.open:${result.check}`}>
              {t('check.open')}
            </Link>
          )}
        </p>
      )}
    </li>
  )
}

/** What the last self-check found and what to do about it, and how the ones before went. */
export default function SelfChecks() {
  const { t } = useWords()
  const { data: me } = useMe()
  const { data, error, isPending, refetch } = useSelfChecks()
  const run = useRunSelfCheck()
  const set = useSetInterval()
  const last = data?.items[0]
  const may = Boolean(me?.may.includes('run_self_checks'))
  const maySet = Boolean(me?.may.includes('write_organisation'))
  return (
    <div className="page" data-testid="check.page">
      <h1>{t('nav.self_checks')}</h1>
      <div className="beside">
        <Button
          type="primary"
          disabled={!may}
          loading={run.isPending}
          onClick={() => run.mutate()}
          data-testid="check.run"
        >
          {t('check.run')}
        </Button>
        <label className="inline-field">
          <span>{t('check.every')}</span>
          <Select
            value={data?.every_minutes}
            disabled={!maySet}
            loading={set.isPending}
            onChange={minutes => set.mutate(minutes)}
            options={INTERVALS.map(value => ({ value, label: t(`check.interval.${value}`) }))}
            style={{ minWidth: 140 }}
            data-testid="check.every"
          />
        </label>
      </div>
      <Refusal id="check" error={run.error ?? set.error} />
      {isPending && <Loading />}
      {error && !data && <Failed id="check" error={error} retry={() => refetch()} />}
      {data && !last && <Empty id="check" text={t('check.none')} />}
      {last && (
        <>
          <Alert
            showIcon
            type={last.failed ? 'warning' : 'success'}
            title={last.failed ? t('check.failed', { count: last.failed }) : t('check.all_well')}
            data-testid="check.verdict"
          />
          <ul className="card padded checks" data-testid="check.results" data-count={last.checks.length}>
            {last.checks.map(result => (
              <Row key={result.check} result={result} />
            ))}
          </ul>
          <h2>{t('check.runs')}</h2>
          <ul className="plain" data-testid="check.runs" data-count={data.items.length}>
            {data.items.map(each => (
              <li key={each.id}>
                <When at={each.at} /> · {each.asked_by} ·{' '}
                {each.failed ? t('check.found', { count: each.failed }) : t('check.well')} ·{' '}
                <span className="quiet num">{t('check.took', { ms: each.took_ms })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
