import i18next from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { session } from '../api/client'
import type { Text, Words } from '../api/types'
import type { Translate } from '../ui/time'
import zh from './zh-CN.json'

export type Lang = 'zh' | 'en'
const KEPT = 'ordain.lang'

const stored = (): Lang => {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'zh' || kept === 'en') return kept
  return 'zh'
}

const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u0590-\u08ff]/
/** What is put into a sentence cannot turn the writing direction of the rest of it. React escapes the markup. */
export const isolated = (value: string) => (TURNS.test(value) ? `\u2068${value}\u2069` : value)

let english: Promise<void> | undefined
/** The catalogue of English comes by itself, so that nobody waits for the words of a language that they do not read. */
export function bothLanguages(): Promise<void> {
  english ??= import('./en.json').then(
    ({ default: en }) => void i18next.addResourceBundle('en', 'translation', en),
    error => {
      english = undefined
      throw error
    },
  )
  return english
}

/** When the page has settled, for a change of the language and for texts that are written in both. */
const ENGLISH_LATER_MS = 4_000

export async function startI18n() {
  const lang = stored()
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: 'zh',
    keySeparator: false,
    nsSeparator: false,
    resources: { zh: { translation: zh } },
    interpolation: { escape: isolated },
    initAsync: false,
  })
  apply(lang)
  if (lang === 'en') await bothLanguages().catch(() => {})
  else setTimeout(() => void bothLanguages().catch(() => {}), ENGLISH_LATER_MS)
}

function apply(lang: Lang) {
  session.lang = lang
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
}

export async function setLang(lang: Lang) {
  localStorage.setItem(KEPT, lang)
  // Without a connection there may be no English; what is missing is said in Chinese.
  if (lang === 'en') await bothLanguages().catch(() => {})
  apply(lang)
  await i18next.changeLanguage(lang)
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
  /** Which part of the system acted, or by which way something came in. */
  const system = (name: string) => t(`system.${name}`, { defaultValue: code('channel', name) })
  return { t, lang, code, system, words: (words: Words) => wordsIn(words, lang) }
}
