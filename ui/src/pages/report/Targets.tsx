import { EditOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import type { Overview } from '../../api/report'
import { type FigureTargets, type Tagged, useFigureTargets, usePutFigureTargets } from '../../api/settings'
import type { FieldSpec, Values } from '../../forms/Fields'
import { RecordDialog } from '../../forms/RecordDialog'
import { useWords } from '../../i18n'
import { durationWords, hoursOf, minutesOf } from '../../ui/time'

/** The server takes half a year of working time at most. */
const HOURS_MAX = 1_000

const typed = (targets: FigureTargets): Values => ({
  cycle: hoursOf(targets.cycle_minutes),
  cycle_before: hoursOf(targets.cycle_minutes_before),
  complaints_less: String(targets.complaints_less_percent),
  complaints_before: String(targets.complaints_permille_before ?? ''),
  unreceived: hoursOf(targets.unreceived_minutes),
  stall: hoursOf(targets.stall_minutes),
})
const targetsOf = (values: Values): FigureTargets => ({
  cycle_minutes: minutesOf(values.cycle),
  cycle_minutes_before: values.cycle_before ? minutesOf(values.cycle_before) : null,
  complaints_less_percent: Number(values.complaints_less),
  complaints_permille_before: values.complaints_before ? Number(values.complaints_before) : null,
  unreceived_minutes: minutesOf(values.unreceived),
  stall_minutes: minutesOf(values.stall),
})

function TargetsDialog({ read, onClose }: { read: Tagged<FigureTargets>; onClose: () => void }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const write = usePutFigureTargets()
  /** Of what the dialog began with: what somebody else has put since is refused, not overwritten. */
  const [tag] = useState(read.tag)
  const field = (name: string, path: string, more: Partial<FieldSpec>): FieldSpec => ({
    name,
    path,
    label: t(`targets.${name}`),
    kind: 'number',
    min: 0,
    max: HOURS_MAX,
    required: true,
    ...more,
  })
  const fields = [
    field('cycle', 'cycle_minutes', { min: 0.02 }),
    field('cycle_before', 'cycle_minutes_before', { min: 0.02, required: false }),
    field('complaints_less', 'complaints_less_percent', { max: 100 }),
    field('complaints_before', 'complaints_permille_before', { required: false }),
    field('unreceived', 'unreceived_minutes', {}),
    field('stall', 'stall_minutes', {}),
  ]
  const done = () => {
    message.success(t('targets.saved'))
    onClose()
  }
  return (
    <RecordDialog
      id="targets"
      title={t('targets.title')}
      okText={t('action.save')}
      fields={fields}
      initial={typed(read.body)}
      write={write}
      onSend={values => write.mutate({ tag, body: targetsOf(values) }, { onSuccess: done })}
      onClose={onClose}
    >
      <p className="quiet">{t('targets.note')}</p>
    </RecordDialog>
  )
}

/** For those who set what the figures are measured by. */
function EditTargets() {
  const { t } = useWords()
  const { data } = useFigureTargets()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="small"
        icon={<EditOutlined aria-hidden />}
        disabled={!data}
        onClick={() => setOpen(true)}
        data-testid="targets.edit"
      >
        {t('targets.edit')}
      </Button>
      {open && data && <TargetsDialog read={data} onClose={() => setOpen(false)} />}
    </>
  )
}

/** Complaints of a thousand confirmed orders that are aimed at, where it is known how many there were. */
const aim = ({ targets }: Overview) =>
  targets.complaints_permille_before == null
    ? undefined
    : (targets.complaints_permille_before * (100 - targets.complaints_less_percent)) / 100

/** What the period is measured by, and whether it got there. */
export function Targets({ data }: { data: Overview }) {
  const { t } = useWords()
  const writes = useMay()('write_organisation')
  const { figures, targets } = data
  const time = (minutes: number) => durationWords(minutes * 60_000, t)
  const complaints = aim(data)
  const rate = figures.confirmed ? (figures.complaints * 1000) / figures.confirmed : undefined
  const met = (good: boolean) => (
    <span className={good ? 'tag tag-green' : 'tag tag-amber'}>
      {t(good ? 'report.met' : 'report.not_met')}
    </span>
  )
  return (
    <ul className="report-targets" data-testid="report.targets">
      <li data-testid="report.target:cycle">
        {t('report.target_cycle', { target: time(targets.cycle_minutes) })}
        {targets.cycle_minutes_before != null &&
          ` ${t('report.before', { before: time(targets.cycle_minutes_before) })}`}{' '}
        {figures.cycle_mean != null && met(figures.cycle_mean <= targets.cycle_minutes)}
      </li>
      {complaints === undefined ? (
        targets.complaints_less_percent > 0 && (
          <li data-testid="report.target:complaints">
            {t('report.target_complaints_open', { less: targets.complaints_less_percent })}
          </li>
        )
      ) : (
        <li data-testid="report.target:complaints">
          {t('report.target_complaints', {
            target: complaints.toFixed(1),
            before: targets.complaints_permille_before,
            less: targets.complaints_less_percent,
          })}{' '}
          {rate !== undefined && met(rate <= complaints)}
        </li>
      )}
      {writes && (
        <li className="report-targets-edit">
          <EditTargets />
        </li>
      )}
    </ul>
  )
}
