import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import en from './en.json'
import zh from './zh-CN.json'

const SRC = join(import.meta.dirname, '..')
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name) && !/\.test\.|schema\.d\.ts/.test(name))
  .map(name => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))
const holes = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join()

describe('the catalogues', () => {
  it('have the same keys, in the same order, with the same holes', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect(holes(en[key]), key).toBe(holes(zh[key]))
      expect(zh[key].trim() && en[key].trim(), key).not.toBe('')
    }
  })

  it('use the words of the glossary', () => {
    const banned = /同意|驳回|不完整|物料|转办|转签|暂停|流程日志|流程动态|请您|亲|系统繁忙|!|！/
    for (const [key, text] of Object.entries(zh)) expect(text, key).not.toMatch(banned)
    for (const [key, text] of Object.entries(en)) {
      expect(text, key).not.toMatch(/!|\bworkflow\b|\bnode\b/i)
      if (key !== 'lang.other') expect(text, key).not.toMatch(/[\u3400-\u9fff]/)
    }
  })

  it('hold every key that the code names', () => {
    for (const { name, text } of sources)
      for (const [, key] of text.matchAll(/\bt\(\s*'([^'$]+)'/g))
        expect(Object.keys(zh), `${key} in ${name}`).toContain(key)
  })

  it('hold every user-facing word: the code has none', () => {
    for (const { name, text } of sources) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      if (name !== join('forms', 'lines', 'values.ts')) expect(code, name).not.toMatch(/[\u3400-\u9fff]/)
    }
  })
})

describe('the sources', () => {
  it('stay small', () => {
    for (const { name, text } of sources) expect(text.split('\n').length, name).toBeLessThan(400)
  })
})
