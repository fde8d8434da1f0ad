import type { Play } from '../../../../api/flows'
import { useWords } from '../../../../i18n'
import { When } from '../../../../ui/Time'

/** Everything that happened, the last first. */
export function PlayStory({ story }: { story: Play['story'] }) {
  const { t, words } = useWords()
  const entries = story.map((entry, at) => ({ ...entry, key: `${entry.at}:${at}` })).reverse()
  return (
    <section data-testid="design.play.story" data-count={story.length}>
      <h3>{t('design.play.story')}</h3>
      <ol className="trial">
        {entries.map(entry => (
          <li
            key={entry.key}
            className={`play-${entry.cause}`}
            data-testid={`design.play.entry:${entry.cause}`}
          >
            <When at={entry.at} /> {words(entry.title)}
            {entry.details.length > 0 && (
              <div className="quiet">
                {entry.details.map(detail => words(detail)).join(t('design.separator'))}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
