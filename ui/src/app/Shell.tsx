import { FileAddOutlined, MessageOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Layout } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useMe } from '../api/hooks'
import { useWords } from '../i18n'
import { AvatarMenu } from './AvatarMenu'
import { DelegationStrip } from './DelegationStrip'
import { HelpDialog } from './HelpDialog'
import { useKeys } from './keys'
import { LangSwitch } from './LangSwitch'
import { LiveDot } from './LiveDot'
import { Nav } from './Nav'
import { NoticeBell } from './NoticeBell'
import { PracticeStrip } from './PracticeStrip'
import { ReadOnlyStrip } from './ReadOnlyStrip'
import { SearchBox } from './SearchBox'
import { ViewStrip } from './ViewStrip'

const FeedbackDialog = lazy(() => import('../pages/feedback/FeedbackDialog'))

export function Shell({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const { data: me } = useMe()
  const navigate = useNavigate()
  const [help, setHelp] = useState(false)
  const [feedback, setFeedback] = useState(false)
  const mayCreate = Boolean(me?.menu.includes('order_new'))
  const create = () => mayCreate && navigate({ to: '/orders/new' })

  useKeys({
    'g t': () => navigate({ to: '/tasks' }),
    'g o': () => me?.menu.includes('orders') && navigate({ to: '/orders' }),
    'g e': () => me?.menu.includes('exceptions') && navigate({ to: '/exceptions' }),
    'g s': () => me?.menu.includes('stock') && navigate({ to: '/stock', search: { view: 'levels' } }),
    'g w': () => navigate({ to: '/' }),
    c: create,
    '?': () => setHelp(true),
    '/': () => document.querySelector<HTMLInputElement>('[data-list-search], [data-global-search]')?.focus(),
  })

  return (
    <Layout className="shell">
      <a href="#main" className="skip">
        {t('nav.skip')}
      </a>
      <Layout.Header className="header">
        <Link to="/" className="brand" aria-label={me?.company.name} data-testid="header.brand">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span className="brand-name">{me?.company.name}</span>
        </Link>
        {me?.menu.includes('orders') && <SearchBox />}
        <div className="header-right">
          {mayCreate && (
            <Button
              type="primary"
              className="wide-only"
              icon={<FileAddOutlined aria-hidden />}
              onClick={create}
              data-testid="header.new"
            >
              {t('action.new')}
            </Button>
          )}
          <LiveDot />
          <NoticeBell />
          <Button
            type="text"
            className="wide-only"
            icon={<QuestionCircleOutlined aria-hidden />}
            aria-label={t('help.title')}
            title={t('help.title')}
            onClick={() => setHelp(true)}
            data-testid="header.help"
          />
          <Button
            type="text"
            icon={<MessageOutlined aria-hidden />}
            aria-label={t('feedback.give')}
            title={t('feedback.give')}
            onClick={() => setFeedback(true)}
            data-testid="header.feedback"
          />
          <LangSwitch save />
          <AvatarMenu />
        </div>
      </Layout.Header>
      <Layout hasSider className="body">
        <Layout.Sider width={176} className="sider">
          <Nav />
        </Layout.Sider>
        <Layout.Content className="content">
          <PracticeStrip />
          <ViewStrip />
          <ReadOnlyStrip />
          <DelegationStrip />
          <div id="main" tabIndex={-1}>
            {children}
          </div>
        </Layout.Content>
      </Layout>
      {feedback && (
        <Suspense>
          <FeedbackDialog onClose={() => setFeedback(false)} />
        </Suspense>
      )}
      {help && <HelpDialog onClose={() => setHelp(false)} />}
    </Layout>
  )
}
