import type { Play } from '../../../../api/flows'
import { useWords } from '../../../../i18n'
import { When } from '../../../../ui/Time'

/** What people and the customer would have read. Nothing of it left. */
export function PlayNotices({ notices, more }: { notices: Play['notices']; more: number }) {
  const { t, words } = useWords()
  if (!notices.length) return null
  return (
    <section data-testid="design.play.notices" data-count={notices.length}>
      <h3>{t('design.play.notices', { count: notices.length + more })}</h3>
      <ul className="play-notices">
        {notices.map((notice, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: notices are only added at the end
          <li key={index} data-testid={`design.play.notice:${notice.template}`} data-channel={notice.channel}>
            <details>
              <summary>
                <When at={notice.at} /> {words(notice.name)}{' '}
                <span className="tag tag-grey">{words(notice.channel_name)}</span>{' '}
                <span className="quiet">{notice.to.join(t('design.separator'))}</span>
              </summary>
              {notice.subject && <p className="strong">{notice.subject}</p>}
              <p className="play-said">{notice.text ? words(notice.text) : t('design.play.unseen')}</p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  )
}
