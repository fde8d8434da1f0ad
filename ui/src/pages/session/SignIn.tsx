import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { useSignIn } from '../../api/hooks'
import { LangSwitch } from '../../app/LangSwitch'
import { useWords } from '../../i18n'
import { Refusal } from '../../ui/states'

export default function SignIn() {
  const { t } = useWords()
  const signIn = useSignIn()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const back = window.location.pathname !== '/'
  const send = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ login: login.trim(), password })
  }
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={send} data-testid="session.form">
        <header>
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <div>
            <h1>{t('session.product')}</h1>
            <p className="quiet">{t('session.tagline')}</p>
          </div>
          <LangSwitch />
        </header>
        {back && <p className="quiet">{t('session.back')}</p>}
        <label className="field">
          <span>{t('session.login')}</span>
          <Input
            autoFocus
            autoComplete="username"
            size="large"
            value={login}
            onChange={event => setLogin(event.target.value)}
            data-testid="session.login"
          />
        </label>
        <label className="field">
          <span>{t('session.password')}</span>
          <Input.Password
            autoComplete="current-password"
            size="large"
            value={password}
            onChange={event => setPassword(event.target.value)}
            data-testid="session.password"
          />
        </label>
        <Refusal id="session" error={signIn.error} />
        <Button
          type="primary"
          htmlType="submit"
          size="large"
          block
          loading={signIn.isPending}
          disabled={!login.trim() || !password}
          data-testid="session.submit"
        >
          {t('session.sign_in')}
        </Button>
      </form>
    </main>
  )
}
