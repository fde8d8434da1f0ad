import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { session } from '../api/client'
import type { Text, Words } from '../api/types'
import type { Translate } from '../ui/time'
import en from './en.json'
import zh from './zh-CN.json'

export type Lang = 'zh' | 'en'
const KEPT = 'ordain.lang'

const stored = (): Lang => {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'zh' || kept === 'en') return kept
  return 'zh'
}

export function startI18n() {
  const lang = stored()
  i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: 'zh',
    keySeparator: false,
    nsSeparator: false,
    resources: { zh: { translation: zh }, en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  apply(lang)
}

function apply(lang: Lang) {
  session.lang = lang
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
}

export function setLang(lang: Lang) {
  localStorage.setItem(KEPT, lang)
  apply(lang)
  void i18next.changeLanguage(lang)
}

/** Words of the server ({zh, en}) in the language on screen. */
export const wordsIn = (words: Words, lang: Lang): string =>
  !words ? '' : typeof words === 'string' ? words : words[lang] || words.zh || words.en

/** Words of the catalogue the way the server sends its own: in both languages. */
export const bothWords = (say: (t: Translate) => string): Text => ({
  zh: say(i18next.getFixedT('zh')),
  en: say(i18next.getFixedT('en')),
})

export function useWords() {
  const { t, i18n } = useTranslation()
  const lang = (i18n.language === 'en' ? 'en' : 'zh') as Lang
  /** A code of the server in words; an unknown code is shown as it is. */
  const code = (group: string, value: string | null | undefined): string =>
    value ? t(`${group}.${value}`, { defaultValue: value }) : ''
  return { t, lang, code, words: (words: Words) => wordsIn(words, lang) }
}
