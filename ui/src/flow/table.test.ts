import { describe, expect, it } from 'vitest'
import type { FlowDoc, Step } from './doc'
import { filtered, gapsOf } from './table'

const step = (id: string, kind: Record<string, unknown>): Step => ({
  id,
  name: { zh: id, en: id },
  stage: 'review',
  kind: { type: 'review', ...kind },
})
const full = step('full', {
  assignee: { role: 'finance' },
  backup: { user: 'fin2' },
  deadline_minutes: 60,
  sop: { zh: '看', en: 'look' },
})
const bare = step('bare', { assignee: [] })
const doc: FlowDoc = {
  key: 'f',
  name: { zh: 'f', en: 'f' },
  steps: [
    step('start', { type: 'start' }),
    step('fork', {
      type: 'parallel',
      lanes: [{ id: 'l', name: { zh: 'l', en: 'l' }, steps: [full, bare] }],
    }),
  ],
}
const ids = (filter: Partial<Parameters<typeof filtered>[1]>) =>
  filtered(doc, { text: '', people: false, gap: null, ...filter }, each =>
    each.id === 'full' ? '王芳' : '',
  ).map(place => place.step.id)

describe('the table of the steps', () => {
  it('names what a step of people leaves open, and asks nothing of other steps', () => {
    expect(gapsOf(full)).toEqual([])
    expect(gapsOf(bare)).toEqual(['owner', 'backup', 'deadline', 'sop'])
    expect(gapsOf(doc.steps[0] as Step)).toEqual([])
    expect(gapsOf({ ...full, kind: { ...full.kind, deadline_minutes: undefined, deadline: [{}] } })).toEqual(
      [],
    )
  })
  it('holds every step, those in lanes too, and can be narrowed', () => {
    expect(ids({})).toEqual(['start', 'fork', 'full', 'bare'])
    expect(ids({ people: true })).toEqual(['full', 'bare'])
    expect(ids({ gap: 'backup' })).toEqual(['bare'])
    expect(ids({ text: '王芳' })).toEqual(['full'])
    expect(ids({ text: 'nothing' })).toEqual([])
  })
})
