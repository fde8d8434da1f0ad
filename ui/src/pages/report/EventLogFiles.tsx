import { DownloadOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useMay } from '../../api/admin'
import { eventLogFile, type Period } from '../../api/report'
import { useWords } from '../../i18n'
import { daysAfter } from './period'

const forms = ['xes', 'json'] as const

/** The log for the tools of process mining, for those who may read all of it. */
export function EventLogFiles({ period }: { period: Period }) {
  const { t } = useWords()
  if (!useMay()('read_audit')) return null
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          {
            key: 'which',
            type: 'group',
            label: t('event_log.of', { first: period.from, last: daysAfter(period.to, -1) }),
          },
          ...forms.map(form => ({
            key: form,
            label: (
              <a href={eventLogFile(form, period)} download data-testid={`event_log.file:${form}`}>
                {t(`event_log.${form}`)}
              </a>
            ),
          })),
        ],
      }}
    >
      <Button icon={<DownloadOutlined aria-hidden />} data-testid="event_log.open">
        {t('event_log.title')}
      </Button>
    </Dropdown>
  )
}
