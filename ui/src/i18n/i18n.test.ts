import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import { bothLanguages, startI18n } from '.'
import en from './en.json'
import zh from './zh-CN.json'

const SRC = join(import.meta.dirname, '..')
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !/\.test\.|schema\.d\.ts/.test(name))
  .map(name => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))
const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join()

/** English says one thing in the singular; the key without the ending is for any other number. */
const SINGULAR = /_one$/

describe('the catalogues', () => {
  it('have the same keys, in the same order, with the same holes', () => {
    expect(Object.keys(en).filter(key => !SINGULAR.test(key))).toEqual(Object.keys(zh))
    for (const key of Object.keys(en).filter(each => SINGULAR.test(each)))
      expect(Object.keys(zh), key).toContain(key.replace(SINGULAR, ''))
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(holes(en[key]), key).toBe(holes(zh[key]))
      expect(zh[key].trim() && en[key].trim(), key).not.toBe('')
    }
  })

  it('have no hole that nothing fills: they are written with two braces', () => {
    for (const [key, text] of [...Object.entries(zh), ...Object.entries(en)])
      expect(text.replaceAll(/\{\{\w+\}\}/g, ''), key).not.toMatch(/[{}]/)
  })

  it('use the words of the glossary', () => {
    const banned = /同意|驳回|不完整|物料|转办|转签|暂停|流程日志|流程动态|请您|亲|系统繁忙|!|！/
    for (const [key, text] of Object.entries(zh)) expect(text, key).not.toMatch(banned)
    for (const [key, text] of Object.entries(en)) {
      expect(text, key).not.toMatch(/!|\bworkflow\b|\bnode\b/i)
      if (key !== 'lang.other') expect(text, key).not.toMatch(/[\u3400-\u9fff]/)
    }
  })

  it('set Chinese sentences with the marks of Chinese', () => {
    for (const [key, text] of Object.entries(zh))
      expect(text, key).not.toMatch(/[\u3400-\u9fff}][,:;(]|[,:;)][\u3400-\u9fff]/)
  })

  it('hold every key that the code names', () => {
    const known = new Set(Object.keys(zh))
    for (const { name, text } of sources)
      for (const [, key] of text.matchAll(/\bt\(\s*'([^'$]+)'/g))
        expect(known.has(key ?? ''), `${key} in ${name}`).toBe(true)
  })

  it('hold every user-facing word: the code has none', () => {
    for (const { name, text } of sources) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      if (name !== join('forms', 'lines', 'values.ts')) expect(code, name).not.toMatch(/[\u3400-\u9fff]/)
    }
  })
})

describe('a number of things', () => {
  it('has its singular in English', async () => {
    await startI18n()
    await bothLanguages()
    const say = i18next.getFixedT('en')
    expect([0, 1, 2].map(count => say('order.lines', { count }))).toEqual([
      '0 line items',
      '1 line item',
      '2 line items',
    ])
    expect(i18next.getFixedT('zh')('order.lines', { count: 1 })).toBe('行项目 1')
  })
})

describe('what is put into a sentence', () => {
  it('is set apart when it turns the direction of writing, and left alone otherwise', async () => {
    await startI18n()
    const say = i18next.getFixedT('zh')
    expect(say('task.handled_by', { who: '王芳' })).toBe('王芳 已处理')
    expect(say('task.handled_by', { who: '<b>&' })).toBe('<b>& 已处理')
    expect(say('task.handled_by', { who: 'a\u202eb' })).toBe('\u2068a\u202eb\u2069 已处理')
  })
})

describe('the sources', () => {
  it('stay small', () => {
    for (const { name, text } of sources) expect(text.split('\n').length, name).toBeLessThan(400)
  })
})
