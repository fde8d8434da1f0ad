import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { saveLang } from '../api/hooks'
import { setLang, useWords } from '../i18n'

export function LangSwitch({ save }: { save?: boolean }) {
  const { t, lang } = useWords()
  const client = useQueryClient()
  const other = lang === 'zh' ? 'en' : 'zh'
  const change = () => {
    void setLang(other)
    if (save) saveLang(other).catch(() => undefined)
    void client.invalidateQueries()
  }
  return (
    <Button
      type="text"
      onClick={change}
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      title={t('lang.switch')}
      data-testid="header.lang"
    >
      {t('lang.other')}
    </Button>
  )
}
