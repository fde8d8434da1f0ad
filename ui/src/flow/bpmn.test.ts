// @vitest-environment node
// The BPMN that flows are exported as, read by the library that BPMN editors use. The files are those that the tests of
// ordain-flow compare with what it writes now.
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { BpmnModdle } from 'bpmn-moddle'
import { describe, expect, it } from 'vitest'
import { validateXML } from 'xmllint-wasm'

interface Node {
  kind: { lanes?: { steps?: Node[] }[] }
}
interface Element {
  $type: string
  id: string
}
interface Definitions {
  rootElements: { flowElements: Element[] }[]
  diagrams: { plane: { planeElement: { $type: string; bpmnElement: Element }[] } }[]
}

const root = resolve(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(resolve(root, path), 'utf8')

/** Every step, and one joint for every block. */
const count = (steps: Node[]): number =>
  steps.reduce((sum, step) => {
    const lanes = step.kind.lanes ?? []
    const inside = lanes.reduce((all, lane) => all + count(lane.steps ?? []), 0)
    return sum + 1 + inside + (lanes.length > 0 ? 1 : 0)
  }, 0)

describe.each(['standard', 'sequential', 'large-and-special'])('the BPMN of %s', key => {
  it('is read without warnings and has every step, drawn', async () => {
    const { rootElement, warnings } = await new BpmnModdle().fromXML(
      read(`crates/ordain-flow/tests/snapshots/${key}.bpmn`),
    )
    expect(warnings).toEqual([])
    const definitions = rootElement as unknown as Definitions
    const elements = definitions.rootElements.flatMap(process => process.flowElements)
    const nodes = elements.filter(element => element.$type !== 'bpmn:SequenceFlow')
    expect(nodes).toHaveLength(count(JSON.parse(read(`flows/${key}.json`)).steps))
    const drawn = definitions.diagrams.flatMap(diagram => diagram.plane.planeElement)
    const ids = (all: Element[]) => all.map(element => element.id).sort()
    expect(ids(drawn.map(shape => shape.bpmnElement))).toEqual(ids(elements))
  })
})

it('every type of step is read without warnings', async () => {
  const file = read('crates/ordain-flow/tests/snapshots/every-type.bpmn')
  const { warnings, rootElement } = await new BpmnModdle().fromXML(file)
  expect(warnings).toEqual([])
  const types = (rootElement as unknown as Definitions).rootElements.flatMap(process =>
    process.flowElements.map(element => element.$type),
  )
  for (const type of [
    'StartEvent',
    'EndEvent',
    'UserTask',
    'ServiceTask',
    'SendTask',
    'ReceiveTask',
    'CallActivity',
    'ExclusiveGateway',
    'ParallelGateway',
    'InclusiveGateway',
    'ComplexGateway',
    'IntermediateCatchEvent',
    'BoundaryEvent',
  ]) {
    expect(types).toContain(`bpmn:${type}`)
  }
})

describe('against the schema of BPMN 2.0', () => {
  const folder = 'ui/node_modules/bpmn-moddle/resources/bpmn/xsd'
  const schemas = readdirSync(resolve(root, folder)).map(fileName => ({
    fileName,
    contents: read(`${folder}/${fileName}`),
  }))
  const validate = (fileName: string, contents: string) =>
    validateXML({
      xml: [{ fileName, contents }],
      schema: schemas.filter(schema => schema.fileName === 'BPMN20.xsd'),
      preload: schemas.filter(schema => schema.fileName !== 'BPMN20.xsd'),
    })

  it.each(['standard', 'sequential', 'large-and-special', 'fulfilment', 'every-type'])(
    'the export of %s is valid',
    async key => {
      const { errors } = await validate(key, read(`crates/ordain-flow/tests/snapshots/${key}.bpmn`))
      expect(errors).toEqual([])
    },
  )

  it('what BPMN does not know is found', async () => {
    const wrong = read('crates/ordain-flow/tests/snapshots/standard.bpmn').replaceAll(
      'startEvent',
      'beginEvent',
    )
    expect((await validate('wrong', wrong)).valid).toBe(false)
  })
})
