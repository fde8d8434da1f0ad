import { BellOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Segmented } from 'antd'
import { useState } from 'react'
import { useMe, useNotices, useReadNotices } from '../api/hooks'
import type { Notice } from '../api/types'
import { useWords } from '../i18n'
import { Empty, Failed, Loading } from '../ui/states'
import { When } from '../ui/Time'

/** The badge and its spoken name say the same: the number, or 99+. */
const OVERFLOW = 99

function NoticeRow({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { t, words } = useWords()
  const body = (
    <>
      {!notice.read && <span className="unread">{t('notice.unread')}</span>} {words(notice.text)}
    </>
  )
  return (
    <li className={notice.read ? 'notice' : 'notice notice-new'}>
      {notice.order_id ? (
        <Link
          to="/orders/$id"
          params={{ id: notice.order_id }}
          onClick={onOpen}
          data-testid={`notices.open:${notice.id}`}
        >
          {body}
        </Link>
      ) : (
        <span>{body}</span>
      )}
      <div className="quiet">
        <When at={notice.at} />
      </div>
      {notice.others.map(other => (
        <div key={other.id} className="quiet">
          {other.order_id ? (
            <Link to="/orders/$id" params={{ id: other.order_id }} onClick={onOpen}>
              {words(other.text)}
            </Link>
          ) : (
            words(other.text)
          )}
        </div>
      ))}
    </li>
  )
}

export function NoticeBell() {
  const { t } = useWords()
  const { data: me } = useMe()
  const [open, setOpen] = useState(false)
  const [kind, setKind] = useState('')
  const notices = useNotices(open, kind || undefined)
  const read = useReadNotices()
  const unread = me?.counts.notices_unread ?? 0
  const shown = unread > OVERFLOW ? `${OVERFLOW}+` : String(unread)
  const items = notices.data?.items ?? []
  return (
    <>
      <Button
        type="text"
        aria-label={t('notice.bell', { shown })}
        title={t('notice.bell', { shown: unread })}
        onClick={() => setOpen(true)}
        data-testid="header.bell"
        data-live="notice"
        data-count={unread}
        icon={<BellOutlined aria-hidden style={{ fontSize: 17 }} />}
      >
        {unread > 0 && <span className="count count-late">{shown}</span>}
      </Button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        title={t('notice.title')}
        size="min(400px, 100vw)"
        extra={
          <Button
            size="small"
            disabled={Boolean(me?.viewer) || !items.some(item => !item.read)}
            onClick={() => read.mutate({ all: true })}
            data-testid="notices.read_all"
          >
            {t('notice.read_all')}
          </Button>
        }
      >
        <Segmented
          value={kind}
          onChange={setKind}
          options={['', 'mentioned'].map(value => ({
            value,
            label: (
              <span data-testid={`notices.show:${value || 'all'}`}>
                {t(value ? 'notice.mentioned' : 'notice.all')}
              </span>
            ),
          }))}
        />
        {notices.isPending && <Loading rows={4} />}
        {notices.error && <Failed id="notices" error={notices.error} retry={() => notices.refetch()} />}
        {notices.data && items.length === 0 && <Empty id="notices" text={t('notice.empty')} />}
        {items.length > 0 && (
          <ul className="notices" data-testid="notices.list" data-count={items.length} data-live="notice">
            {items.map(notice => (
              <NoticeRow
                key={notice.id}
                notice={notice}
                onOpen={() => {
                  setOpen(false)
                  if (!notice.read && !me?.viewer)
                    read.mutate({ ids: [notice.id, ...notice.others.map(other => other.id)] })
                }}
              />
            ))}
          </ul>
        )}
      </Drawer>
    </>
  )
}
