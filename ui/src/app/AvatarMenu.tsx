import { Avatar, Button, Dropdown } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useMe, useSignOut } from '../api/hooks'
import { useWords } from '../i18n'

const PracticeDialog = lazy(() => import('../pages/session/PracticeDialog'))
const PasswordDialog = lazy(() => import('../pages/session/PasswordDialog'))

export function AvatarMenu() {
  const { t, words } = useWords()
  const { data: me } = useMe()
  const signOut = useSignOut()
  const [changing, setChanging] = useState(false)
  const [practising, setPractising] = useState(false)
  if (!me) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            {
              key: 'who',
              type: 'group',
              label: `${me.name} · ${me.role_names.map(words).join(t('list.comma'))}`,
            },
            // Whoever practises ends that first: the strip on each page holds the button.
            ...(me.practice
              ? []
              : [
                  {
                    key: 'practice',
                    label: <span data-testid="header.practise">{t('practice.title')}</span>,
                    onClick: () => setPractising(true),
                  },
                  {
                    key: 'password',
                    label: <span data-testid="header.password">{t('password.change')}</span>,
                    onClick: () => setChanging(true),
                  },
                ]),
            {
              key: 'out',
              label: <span data-testid="header.sign_out">{t('session.sign_out')}</span>,
              onClick: () => signOut.mutate(),
            },
          ],
        }}
      >
        <Button type="text" className="avatar" data-testid="header.avatar">
          <span aria-hidden>
            <Avatar size={26}>{me.name.slice(0, 1)}</Avatar>
          </span>
          <span className="avatar-name">{me.name}</span>
        </Button>
      </Dropdown>
      {practising && (
        <Suspense>
          <PracticeDialog onClose={() => setPractising(false)} />
        </Suspense>
      )}
      {changing && (
        <Suspense>
          <PasswordDialog onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  )
}
