import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import type { Sentence } from '../../api/flows'
import { useMe } from '../../api/hooks'
import { useWords } from '../../i18n'
import { Empty } from '../../ui/states'
import { useZone } from '../../ui/Time'
import { instantFull } from '../../ui/time'

/** What can be looked at alone, in the order of the chips; the rest belongs to "other". */
const topics = ['people', 'condition', 'field', 'deadline', 'notice'] as const
type Topic = (typeof topics)[number] | 'other'
const topicOf = (sentence: Sentence): Topic => topics.find(topic => topic === sentence.topic) ?? 'other'

const marks: Record<string, string> = { added: '+', removed: '\u2212', moved: '\u2192', changed: '~' }

/** The changes from one document to another, one sentence each, by what they are about; on paper with lines to sign on. */
export function Sentences({ id, title, sentences }: { id: string; title: string; sentences: Sentence[] }) {
  const { t } = useWords()
  const { data: me } = useMe()
  const zone = useZone()
  const [only, setOnly] = useState<Topic>()
  if (sentences.length === 0) return <Empty id={id} text={t('flow.no_changes')} />
  const count = (topic: Topic) => sentences.filter(each => topicOf(each) === topic).length
  const found = [...topics, 'other' as const].filter(topic => count(topic) > 0)
  const shown = sentences.filter(each => !only || topicOf(each) === only)
  return (
    <section className="print-sheet" aria-label={title}>
      <header className="print-only">
        <h1>{title}</h1>
        <p>{t('flow.printed', { who: me?.name ?? '', at: instantFull(Date.now(), zone) })}</p>
      </header>
      <div className="beside no-print">
        <div className="chips grow" role="toolbar" aria-label={t('flow.topic')}>
          {found.length > 1 &&
            [undefined, ...found].map(topic => (
              <Button
                key={topic ?? 'all'}
                size="small"
                type={only === topic ? 'primary' : 'default'}
                aria-pressed={only === topic}
                onClick={() => setOnly(topic)}
                data-testid={`${id}.topic:${topic ?? 'all'}`}
              >
                {t(`flow.topic.${topic ?? 'all'}`)} {topic ? count(topic) : sentences.length}
              </Button>
            ))}
        </div>
        <Button
          size="small"
          icon={<PrinterOutlined aria-hidden />}
          onClick={() => window.print()}
          data-testid={`${id}.print`}
        >
          {t('flow.print')}
        </Button>
      </div>
      <ul className="prose sentences" data-testid={id} data-count={shown.length}>
        {shown.map(sentence => (
          <li key={`${sentence.node ?? ''}${sentence.text}`} data-kind={sentence.kind}>
            <span className={`change-mark change-${sentence.kind}`} aria-hidden>
              {marks[sentence.kind] ?? ''}
            </span>
            {sentence.text}
          </li>
        ))}
      </ul>
      <footer className="print-only signing">
        {(['written', 'agreed', 'date'] as const).map(line => (
          <span key={line}>{t(`flow.sign.${line}`)}</span>
        ))}
      </footer>
    </section>
  )
}
