import { Button, Input } from 'antd'
import { useState } from 'react'
import type { FlowDoc, Lane, Step } from '../../../flow/doc'
import { allIds, freshId } from '../../../flow/edit'
import { type Defaults, newStep } from '../../../flow/kinds'
import { type Party, type Understood, understand } from '../../../flow/phrase'
import { useWords } from '../../../i18n'
import { namesOf, useDesign } from './design'

const partyKinds = ['role', 'department', 'user'] as const

/** The branch that a sentence stands for: a lane with its condition and step, and one for everything else. */
function branchOf(
  understood: Understood,
  doc: FlowDoc,
  words: Defaults,
  name: (key: 'branch' | 'step' | 'lane', who: string) => { zh: string; en: string },
): Step {
  const taken = allIds(doc)
  const block = freshId(taken, 'branch')
  const id = freshId(taken, `${understood.who.key}_${understood.type}`)
  const step = newStep(understood.type, id, name('step', understood.who.name), words)
  const party = { [understood.who.kind]: understood.who.key }
  if (understood.type === 'cc') step.kind.to = [party]
  else step.kind.assignee = party
  const lanes: Lane[] = [
    { id: 'lane_1', name: name('lane', understood.who.name), when: understood.when, steps: [step] },
    { id: 'otherwise', name: words.otherwise, otherwise: true, steps: [] },
  ]
  return {
    id: block,
    name: name('branch', understood.who.name),
    stage: 'review',
    kind: { type: 'exclusive', lanes },
  }
}

/** Where such a branch goes by itself: behind the last step that asks somebody, else before the end. */
export function spotForBranch(doc: FlowDoc) {
  const people = doc.steps.map((step, at) =>
    /review|task|parallel|inclusive|exclusive/.test(step.kind.type) ? at : -1,
  )
  const last = Math.max(...people)
  const end = doc.steps.findIndex(step => step.kind.type === 'end')
  const before = doc.steps.findIndex(step => /customer_confirmation|notify/.test(step.kind.type))
  return {
    within: null,
    index: last >= 0 ? last + 1 : before >= 0 ? before : end >= 0 ? end : doc.steps.length,
  }
}

/** One sentence becomes a branch, shown before it is taken. */
export function Phrase({
  defaults,
  nameFor,
  onTake,
}: {
  defaults: Defaults
  nameFor: (key: 'branch' | 'step' | 'lane', who: string) => { zh: string; en: string }
  onTake: (step: Step) => void
}) {
  const { t } = useWords()
  const { doc, vocabulary } = useDesign()
  const [text, setText] = useState('')
  const people: Party[] = partyKinds.flatMap(kind =>
    namesOf(vocabulary, kind).map(each => ({ kind, key: each.value, name: each.label })),
  )
  const read = text.trim() ? understand(text, people) : undefined
  const unclear = typeof read === 'string' ? read : undefined
  const found = read && typeof read !== 'string' ? read : undefined
  const rows = found ? ('row' in found.when ? [found.when] : 'all' in found.when ? found.when.all : []) : []
  const take = () => {
    if (!found) return
    onTake(branchOf(found, doc, defaults, nameFor))
    setText('')
  }
  return (
    <div className="phrase">
      <div className="beside">
        <Input
          allowClear
          value={text}
          placeholder={t('design.phrase_example')}
          aria-label={t('design.phrase')}
          onChange={event => setText(event.target.value)}
          onPressEnter={event => !event.nativeEvent.isComposing && take()}
          data-testid="design.phrase"
        />
        <Button disabled={!found} onClick={take} data-testid="design.phrase.take">
          {t('design.phrase_take')}
        </Button>
      </div>
      {unclear && (
        <p className="quiet" role="status" data-testid="design.phrase.unclear">
          {t(`design.phrase_no_${unclear}`)}
        </p>
      )}
      {found && (
        <p role="status" data-testid="design.phrase.found">
          {t('design.phrase_found', {
            condition: rows
              .map(each => {
                if (!('row' in each)) return ''
                const { field, op, value } = each.row
                const label = vocabulary.fields.find(known => known.name === field)?.label ?? field
                const pattern =
                  vocabulary.words[value && 'bool' in value ? 'op.flag' : `op.${op}`] ?? '{field} {value}'
                const said =
                  value && 'bool' in value
                    ? vocabulary.words.yes
                    : value && 'number' in value
                      ? Number(value.number).toLocaleString('en-US')
                      : value && 'text' in value
                        ? value.text
                        : ''
                return pattern.replace('{field}', label).replace('{value}', said ?? '')
              })
              .join(vocabulary.words['join.all'] ?? ' '),
            who: found.who.name,
            what: t(`design.type.${found.type}`),
          })}
        </p>
      )}
    </div>
  )
}
