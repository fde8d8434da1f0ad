import { UndoOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Input, Segmented, Select } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef, useState } from 'react'
import { useMay } from '../../api/admin'
import {
  type NoticeTextBody,
  type NoticeTexts,
  type NoticeWay,
  useNoticeTexts,
  usePutNoticeTexts,
} from '../../api/noticeTexts'
import type { Tagged } from '../../api/settings'
import { noticeViews } from '../../app/places'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'
import { TabBar } from '../../ui/TabBar'
import { When } from '../../ui/Time'
import { Sending } from './Sending'
import { Trial } from './Trial'
import { ownAt, type Place, replaced, standingAt } from './texts'

const languages = ['zh-CN', 'en'] as const

function Variables({ way, onPick }: { way: NoticeWay; onPick: (name: string) => void }) {
  const { t, words } = useWords()
  return (
    <section aria-label={t('notice_text.variables')}>
      <h3>{t('notice_text.variables')}</h3>
      <div className="beside wrap" data-testid="notice_text.variables" data-count={way.variables.length}>
        {way.variables.map(({ name, title }) => (
          <Button
            key={name}
            size="small"
            onClick={() => onPick(name)}
            data-testid={`notice_text.variable:${name}`}
          >
            {words(title)}
          </Button>
        ))}
      </div>
    </section>
  )
}

function Editor({ read, way, place }: { read: Tagged<NoticeTexts>; way: NoticeWay; place: Place }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const may = useMay()('write_organisation')
  const own = ownAt(read.body, place)
  const standing = own ?? standingAt(read.body, place)
  const [subject, setSubject] = useState(standing.subject ?? '')
  const [text, setText] = useState(standing.text)
  const area = useRef<TextAreaRef>(null)
  const write = usePutNoticeTexts()
  const item: NoticeTextBody = { ...place, subject, text }
  const changed = text !== standing.text || subject !== (standing.subject ?? '')
  const send = (written?: NoticeTextBody) =>
    write.mutate(
      { tag: read.tag, body: { items: replaced(read.body, place, written) } },
      { onSuccess: () => message.success(t(written ? 'notice_text.saved' : 'notice_text.restored')) },
    )
  const insert = (name: string) => {
    const typed = area.current?.resizableTextArea?.textArea
    const at = typed?.selectionStart ?? text.length
    setText(`${text.slice(0, at)}{${name}}${text.slice(typed?.selectionEnd ?? at)}`)
    typed?.focus()
  }
  return (
    <div className="form-design">
      <section className="card tab-body form" aria-label={t('notice_text.text')}>
        <p className="quiet" data-testid="notice_text.state" data-own={Boolean(own)}>
          {own ? (
            <>
              {t('notice_text.own', { who: own.by })} · <When at={own.at} />
            </>
          ) : (
            t('notice_text.shipped')
          )}
        </p>
        {place.channel === 'mail' && (
          <label className="field">
            <span>{t('notice_text.subject')}</span>
            <Input
              value={subject}
              disabled={!may}
              onChange={event => setSubject(event.target.value)}
              data-testid="notice_text.subject"
            />
          </label>
        )}
        <label className="field">
          <span>{t('notice_text.text')}</span>
          <Input.TextArea
            ref={area}
            value={text}
            disabled={!may}
            autoSize={{ minRows: place.channel === 'in_app' ? 2 : 10, maxRows: 24 }}
            onChange={event => setText(event.target.value)}
            data-testid="notice_text.text"
          />
        </label>
        <p className="quiet">{t('notice_text.how')}</p>
        {may && <Variables way={way} onPick={insert} />}
        <Refusal id="notice_text" error={write.error} />
        {may && (
          <div className="beside">
            <Button
              type="primary"
              disabled={!changed}
              loading={write.isPending}
              onClick={() => send(item)}
              data-testid="notice_text.save"
            >
              {t('action.save')}
            </Button>
            <Button
              icon={<UndoOutlined aria-hidden />}
              disabled={!own && !changed}
              onClick={() => {
                if (own) return send()
                setSubject(standing.subject ?? '')
                setText(standing.text)
              }}
              data-testid="notice_text.restore"
            >
              {t('notice_text.restore')}
            </Button>
          </div>
        )}
      </section>
      <Trial item={item} />
    </div>
  )
}

function Choice({ read }: { read: Tagged<NoticeTexts> }) {
  const { t, words, code } = useWords()
  const { events, items } = read.body
  const [event, setEvent] = useState('order_confirmed')
  const [channel, setChannel] = useState('mail')
  const [lang, setLang] = useState<Place['lang']>('zh-CN')
  const ways = events.find(each => each.event === event)?.channels ?? []
  const way = ways.find(each => each.channel === channel) ?? ways[0]
  const own = (name: string) => items.some(item => item.event === name)
  const options = (sent: boolean) =>
    events
      .filter(each => each.channels.some(({ channel: way }) => way === 'mail') === sent)
      .map(each => ({
        value: each.event,
        label: own(each.event) ? t('notice_text.changed', { name: words(each.name) }) : words(each.name),
      }))
  return (
    <>
      <div className="beside wrap">
        <Select
          className="chooser"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('notice_text.event')}
          value={event}
          onChange={setEvent}
          options={[
            { label: t('notice_text.to_customers'), options: options(true) },
            { label: t('notice_text.to_people'), options: options(false) },
          ]}
          data-testid="notice_text.event"
        />
        <Segmented
          aria-label={t('notice_text.channel')}
          value={way?.channel}
          onChange={value => setChannel(String(value))}
          options={ways.map(({ channel: value }) => ({
            value,
            label: <span data-testid={`notice_text.channel:${value}`}>{code('notice_channel', value)}</span>,
          }))}
        />
        <Segmented
          aria-label={t('notice_text.lang')}
          value={lang}
          onChange={value => setLang(value as Place['lang'])}
          options={languages.map(value => ({
            value,
            label: <span data-testid={`notice_text.lang:${value}`}>{t(`notice.lang.${value}`)}</span>,
          }))}
        />
      </div>
      {way && (
        <Editor
          key={`${event} ${way.channel} ${lang} ${read.tag}`}
          read={read}
          way={way}
          place={{ event, channel: way.channel, lang }}
        />
      )}
    </>
  )
}

function Texts() {
  const { data, error, isPending, refetch } = useNoticeTexts()
  if (isPending) return <Loading rows={4} />
  if (!data) return <Failed id="notice_text" error={error} retry={() => refetch()} />
  return <Choice read={data} />
}

const bodies = { texts: Texts, sending: Sending }

/** What customers and people are told, event by event, and by what way: changed without a programmer. */
export default function NoticeTextsPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const { view } = useSearch({ from: '/automation/notices' })
  const Body = bodies[view]
  return (
    <div className="page" data-testid="notice_text.page">
      <h1>{t('nav.notice_texts')}</h1>
      <TabBar
        id="notice_text.view"
        label={t('nav.notice_texts')}
        value={view}
        options={noticeViews.map(key => ({ key, text: t(`notice_text.view.${key}`) }))}
        onChange={next => navigate({ to: '/automation/notices', search: { view: next } })}
      />
      <Body />
    </div>
  )
}
