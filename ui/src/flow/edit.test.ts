import { describe, expect, it } from 'vitest'
import { type FlowDoc, lanesOf, type Step, stepsAt, walk } from './doc'
import { addLane, allIds, freshId, idsIn, insert, move, moveLane, nudge, remove, removeLane } from './edit'
import { begin, record, redo, STEPS_MAX, undo } from './history'
import { type Defaults, mayStand, newStep, stepTypes } from './kinds'
import { copies, dropReferences, earlier, references } from './refs'

const text = (zh: string) => ({ zh, en: zh })
const words: Defaults = {
  sop: text('sop'),
  lane: n => text(`lane ${n}`),
  otherwise: text('otherwise'),
  timeout: text('timeout'),
}
const step = (id: string, kind: Step['kind'] = { type: 'review' }): Step => ({
  id,
  name: text(id),
  stage: 'review',
  kind,
})
const two = (): FlowDoc => ({
  key: 'f',
  name: text('f'),
  steps: [
    step('start', { type: 'start' }),
    step('branch', {
      type: 'exclusive',
      lanes: [
        {
          id: 'a',
          name: text('big'),
          when: { row: { field: 'amount', op: 'ge', value: { number: '1' } } },
          steps: ['a1', 'a2', 'a3'].map(id => step(id)),
        },
        { id: 'b', name: text('rest'), otherwise: true, steps: ['b1', 'b2', 'b3'].map(id => step(id)) },
      ],
    }),
    step('end', { type: 'end', outcome: 'confirmed' }),
  ],
})
const ids = (doc: FlowDoc) => walk(doc).map(place => place.step.id)

/** Numbers that look thrown and are the same every time. */
function dice(seed: number) {
  let state = seed
  return (most: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * most)
  }
}

/** Any edit of a document, at any place. */
function anyEdit(doc: FlowDoc, roll: (most: number) => number): FlowDoc {
  const places = walk(doc)
  const pick = () => places[roll(places.length)]?.step.id ?? 'start'
  const blocks = places.filter(place => place.step.kind.lanes)
  const within = blocks.length && roll(2) ? blocks[roll(blocks.length)]?.step : undefined
  const lane = within && lanesOf(within)[roll(lanesOf(within).length)]
  const lies = within && lane ? { block: within.id, lane: lane.id } : null
  const spot = { within: lies, index: 1 + roll(Math.max(1, stepsAt(doc, lies).length)) }
  switch (roll(8)) {
    case 0:
    case 1: {
      const type = stepTypes[roll(stepTypes.length)] ?? 'review'
      return insert(doc, spot, [newStep(type, freshId(allIds(doc), type), text(type), words)])
    }
    case 2:
      return move(doc, pick(), spot)
    case 3:
      return nudge(doc, pick(), roll(2) ? 1 : -1)
    case 4:
      return lies && within
        ? addLane(doc, within.id, { id: `l${roll(99_999)}`, name: text('l'), steps: [] })
        : doc
    case 5:
      return lies ? moveLane(doc, lies, roll(2) ? 1 : -1) : doc
    case 6:
      return lies ? removeLane(doc, lies, roll(2) ? 'after' : 'to_otherwise') : doc
    default:
      return insert(doc, spot, copies(doc, stepsAt(doc, lies).slice(0, 1)))
  }
}

describe('any edits in any order', () => {
  it('lose no step, and give no two steps one id', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const roll = dice(seed)
      let doc = two()
      for (let n = 0; n < 60; n += 1) {
        const before = new Set(ids(doc))
        const next = anyEdit(doc, roll)
        const after = ids(next)
        expect(new Set(after).size, `${seed}/${n}`).toBe(after.length)
        // A block whose last lanes went is dissolved; nothing else ever goes.
        const lost = [...before].filter(id => !after.includes(id))
        for (const id of lost)
          expect(
            walk(doc).find(place => place.step.id === id)?.step.kind.lanes,
            `${seed}/${n} ${id}`,
          ).toBeDefined()
        doc = next
      }
    }
  })

  it('are undone to the very same documents, up to a hundred', () => {
    const roll = dice(7)
    let history = begin(two())
    const seen = [history.now]
    while (seen.length <= 130) {
      const next = anyEdit(history.now, roll)
      if (next === history.now) continue
      history = record(history, next)
      seen.push(next)
    }
    for (let n = 0; n < STEPS_MAX; n += 1) history = undo(history)
    expect(history.now).toBe(seen.at(-1 - STEPS_MAX))
    expect(undo(history)).toBe(history)
    for (let n = 0; n < STEPS_MAX; n += 1) history = redo(history)
    expect(history.now).toBe(seen.at(-1))
  })
})

describe('a lane that is deleted', () => {
  it('leaves its steps behind the block, and the other lane in its place', () => {
    expect(ids(removeLane(two(), { block: 'branch', lane: 'a' }, 'after', 'expand'))).toEqual([
      'start',
      'b1',
      'b2',
      'b3',
      'a1',
      'a2',
      'a3',
      'end',
    ])
    expect(ids(removeLane(two(), { block: 'branch', lane: 'a' }, 'to_otherwise', 'expand'))).toEqual([
      'start',
      'b1',
      'b2',
      'b3',
      'a1',
      'a2',
      'a3',
      'end',
    ])
    expect(ids(removeLane(two(), { block: 'branch', lane: 'a' }, 'delete', 'expand'))).toEqual([
      'start',
      'b1',
      'b2',
      'b3',
      'end',
    ])
    expect(ids(removeLane(two(), { block: 'branch', lane: 'a' }, 'after', 'delete'))).toEqual([
      'start',
      'a1',
      'a2',
      'a3',
      'end',
    ])
  })

  it('touches no other lane of three', () => {
    const doc = addLane(two(), 'branch', { id: 'c', name: text('c'), steps: [step('c1')] })
    const next = removeLane(doc, { block: 'branch', lane: 'c' }, 'after')
    expect(ids(next)).toEqual(['start', 'branch', 'a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'end'])
    expect(next.steps[1]?.kind.lanes?.map(lane => lane.name.zh)).toEqual(['big', 'rest'])
  })
})

describe('a lane', () => {
  it('is put left of the one for everything else, which stays last', () => {
    const doc = addLane(two(), 'branch', { id: 'c', name: text('c'), steps: [] })
    expect(doc.steps[1]?.kind.lanes?.map(lane => lane.id)).toEqual(['a', 'c', 'b'])
    expect(moveLane(doc, { block: 'branch', lane: 'c' }, 1)).toEqual(doc)
    expect(
      moveLane(doc, { block: 'branch', lane: 'c' }, -1).steps[1]?.kind.lanes?.map(lane => lane.id),
    ).toEqual(['c', 'a', 'b'])
  })
})

describe('a step', () => {
  it('cannot be put into itself, and shares what does not change', () => {
    const doc = two()
    expect(move(doc, 'branch', { within: { block: 'branch', lane: 'a' }, index: 0 })).toBe(doc)
    const next = move(doc, 'a1', { within: null, index: 1 })
    expect(ids(next)).toEqual(['start', 'a1', 'branch', 'a2', 'a3', 'b1', 'b2', 'b3', 'end'])
    expect(next.steps[2]?.kind.lanes?.[1]).toBe(doc.steps[1]?.kind.lanes?.[1])
  })

  it('is named where settings name it, and forgotten with it', () => {
    const doc = insert(two(), { within: null, index: 2 }, [
      step('late', {
        type: 'review',
        assignee: [{ same_as: 'a1' }, { role: 'x' }],
        exclude: [{ deciders_of: 'a1' }],
        on_reject: { return_to: 'a1' },
        returns: { targets: { steps: ['a1'] }, guards: { a1: ['amount'] } },
      }),
    ])
    expect(
      references(doc, ['a1'])
        .map(each => each.setting)
        .sort(),
    ).toEqual(['assignee', 'exclude', 'on_reject', 'returns'])
    expect(references(doc, idsIn(doc.steps[1] as Step))).toHaveLength(4)
    const dropped = dropReferences(doc, ['a1'])
    expect(references(dropped, ['a1'])).toEqual([])
    expect(dropped.steps[2]?.kind).toEqual({
      type: 'review',
      assignee: [{ role: 'x' }],
      exclude: [],
      returns: {},
    })
    expect(ids(remove(dropped, 'a1'))).not.toContain('a1')
  })

  it('is copied with ids of its own, which the copies name', () => {
    const doc = insert(two(), { within: { block: 'branch', lane: 'a' }, index: 3 }, [
      step('again', { type: 'go_to', target: 'a1' }),
    ])
    const [copy] = copies(doc, [doc.steps[1] as Step])
    const fresh = idsIn(copy as Step)
    expect(fresh.filter(id => allIds(doc).has(id))).toEqual([])
    const goTo = lanesOf(copy as Step)[0]?.steps.at(-1)
    expect(goTo?.kind.target).toBe(lanesOf(copy as Step)[0]?.steps[0]?.id)
  })

  it('can go back to earlier steps of its lane and of those around it alone', () => {
    expect(earlier(two(), 'a3').map(each => each.id)).toEqual(['start', 'a1', 'a2'])
    expect(earlier(two(), 'end').map(each => each.id)).toEqual(['start', 'branch'])
  })

  it('stands only where the checks would let it', () => {
    const doc = two()
    const known = { connectors: 0, steps: 9 }
    const stands = (type: string, within: { block: string; lane: string } | null, index: number) =>
      mayStand(doc, { within, index }, step('x', { type }), known)
    expect(stands('review', null, 0)).toBe('before_start')
    expect(stands('review', null, 3)).toBe('after_end')
    expect(stands('auto_check', { block: 'branch', lane: 'a' }, 1)).toBe('only_main')
    expect(stands('end', null, 1)).toBe('not_last')
    expect(stands('end', { block: 'branch', lane: 'a' }, 3)).toBeNull()
    expect(stands('connector_call', null, 1)).toBe('no_connector')
    expect(stands('review', null, 1)).toBeNull()
  })
})
