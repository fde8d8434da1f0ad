import { QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { lazy, Suspense, useEffect } from 'react'
import { useMe, useSignOut } from '../api/hooks'
import { startLive } from '../api/live'
import { Problem } from '../api/problem'
import { useWords } from '../i18n'
import { Failed, Loading } from '../ui/states'
import { router } from './router'
import { theme } from './theme'

const SignIn = lazy(() => import('../pages/session/SignIn'))
const PasswordDialog = lazy(() => import('../pages/session/PasswordDialog'))

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => count < 1 && error instanceof Problem && error.status >= 500,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/**
 * A refusal may come late: the request was on its way with the cookie of a session that has gone on under another one.
 * So nobody is signed out by it; it is asked who is signed in.
 */
const whoIsIn = (error: unknown) => {
  if (error instanceof Problem && error.status === 401 && error.code !== 'wrong_password')
    if (client.getQueryData(['me']))
      void client.refetchQueries({ queryKey: ['me'], exact: true }, { cancelRefetch: false })
}
client.getQueryCache().config.onError = whoIsIn
client.getMutationCache().config.onError = whoIsIn

/** Sign-in takes the place of the page, not of the address: after it the same page is there again. */
function Gate() {
  const me = useMe()
  const cache = useQueryClient()
  const signOut = useSignOut()
  const signedIn = Boolean(me.data && !me.data.password_once)
  useEffect(() => (signedIn ? startLive(cache) : undefined), [signedIn, cache])
  if (me.isPending) return <Loading />
  if (me.error && !me.data) return <Failed error={me.error} retry={() => me.refetch()} />
  if (!me.data)
    return (
      <Suspense fallback={<Loading />}>
        <SignIn />
      </Suspense>
    )
  if (me.data.password_once)
    return (
      <Suspense fallback={<Loading />}>
        <PasswordDialog first onClose={() => signOut.mutate()} />
      </Suspense>
    )
  return <RouterProvider router={router} />
}

export function App() {
  const { lang } = useWords()
  return (
    <ConfigProvider
      locale={lang === 'zh' ? zhCN : enUS}
      theme={theme}
      button={{ autoInsertSpace: false }}
      // A click beside a dialog must not lose what was typed in it.
      modal={{ mask: { closable: false } }}
      componentSize="middle"
    >
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <Gate />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  )
}
