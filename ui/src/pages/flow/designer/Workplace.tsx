import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import {
  type Draft,
  readVersion,
  saveDraft,
  type Trial,
  useInspection,
  type Vocabulary,
} from '../../../api/flows'
import type { components } from '../../../api/schema'
import type { FlowVersion } from '../../../api/types'
import { useKeys } from '../../../app/keys'
import { laneAt, locate, walk } from '../../../flow/doc'
import { insert } from '../../../flow/edit'
import { type FlowProblem, fix, tabOf } from '../../../flow/fixes'
import { bothWords, useWords } from '../../../i18n'
import { useWide } from '../../../ui/useWide'
import { ReleaseCard } from '../Release'
import { Canvas, type View } from './Canvas'
import { Coach } from './Coach'
import { Drawer, Side } from './Drawer'
import { defaults } from './defaults'
import { type Design, DesignContext } from './design'
import { FlowPanel } from './FlowPanel'
import { LanePanel } from './LanePanel'
import { Outline } from './Outline'
import { Phrase, spotForBranch } from './Phrase'
import { Problems, worstFirst } from './Problems'
import { DraftChanges, Publish } from './Publish'
import { ImpactDialog, LaneDialog } from './RemoveDialogs'
import { Simulate } from './Simulate'
import { StaleDialog } from './StaleDialog'
import { StepTable } from './StepTable'
import { type Panel, TopBar } from './TopBar'
import { useActs } from './useActs'
import { useDraft } from './useDraft'
import { treeKeys } from './useTreeKeys'
import { useUndoKeys } from './useUndoKeys'
import { Versions } from './Versions'

/** How long the offer to take something back stands. */
const TOAST_MS = 8_000

interface Props {
  flowKey: string
  version: number | undefined
  draft: Draft
  versions: FlowVersion[]
  vocabulary: Vocabulary
  overview: components['schemas']['FlowOverview'] | undefined
  login: string
  mayPublish: boolean
  canEdit: boolean
  state: string
  banner: ReactNode
  reload: () => void
}

/** Bar, outline, canvas, drawer and problems around one document. */
export function Workplace(props: Props) {
  const { flowKey, version, draft, versions, vocabulary, mayPublish, canEdit } = props
  const { t, lang, words } = useWords()
  const navigate = useNavigate()
  const wide = useWide(900)
  const edit = useDraft(flowKey, props.login, draft, canEdit)
  const { doc } = edit
  const readOnly = !canEdit || !wide || edit.state === 'locked'
  const hands = useActs(doc, edit.put)
  const { acts, chosen } = hands
  const { data: inspection } = useInspection(flowKey, doc, edit.cases, lang)
  const [panel, setPanel] = useState<Panel | null>(null)
  const [tab, setTab] = useState<string>()
  const [zoom, setZoom] = useState(1)
  const [table, setTable] = useState(false)
  const [problemsOpen, setProblemsOpen] = useState(false)
  const [trial, setTrial] = useState<Trial>()
  const [jumpAt, setJumpAt] = useState(0)
  /** A version was published: the draft is gone, and a new one begins from it. */
  const [done, setDone] = useState(false)
  const view = useRef<View>(null)
  const active = versions.find(each => each.state === 'active')
  const standing = props.overview?.under_way.find(
    each => each.key === flowKey && each.version === (version ?? active?.version),
  )?.steps
  const problems = inspection?.problems ?? []

  const closeSide = () => {
    acts.choose(null)
    setPanel(null)
  }
  const show = (step: string) => view.current?.show(step)
  const open = (next: Panel) => {
    setPanel(next)
    if (next !== 'publish') acts.choose(null)
  }
  const jump = (problem: FlowProblem) => {
    if (!problem.node) return
    setPanel(null)
    const block = locate(doc, problem.node)?.step
    const lane =
      problem.params.lane ??
      (problem.code === 'F-016' || problem.code === 'F-015' || problem.code === 'F-011'
        ? block?.kind.lanes?.find(each => each.when)?.id
        : undefined)
    if (lane && laneAt(doc, { block: problem.node, lane }))
      acts.choose({ lane: { block: problem.node, lane } })
    else acts.choose({ step: problem.node })
    setTab(tabOf(problem.code))
    requestAnimationFrame(() => problem.node && show(problem.node))
  }
  const mend = (problem: FlowProblem) =>
    edit.put(
      fix(doc, problem, {
        sop: defaults().sop,
        timeout: defaults().timeout,
        end: bothWords(say => say('design.type.end')),
      }),
    )
  const nextProblem = () => {
    const jumpable = worstFirst(problems).filter(each => each.node)
    const next = jumpable[jumpAt % Math.max(1, jumpable.length)]
    setJumpAt(jumpAt + 1)
    if (next) jump(next)
  }

  const beginFrom = async (chosenVersion: number) => {
    const begun = await readVersion(flowKey, chosenVersion)
    closeSide()
    if (version === undefined) return edit.put(begun)
    await saveDraft(flowKey, draft.revision, { doc: begun, cases: draft.cases })
    props.reload()
    navigate({ to: '/automation/flows/$key/design', params: { key: flowKey }, search: {} })
  }

  useKeys({
    s: () => open('simulate'),
    f8: nextProblem,
    escape: () => {
      acts.ask(null)
      acts.choose(null)
      setPanel(null)
    },
    'mod+enter': () => !readOnly && !panel && setPanel('publish'),
  })
  useUndoKeys(!readOnly, edit.undo, edit.redo)

  // What was just put in, moved or walked to has the focus, and is in sight.
  useEffect(() => {
    const id = hands.focus.current
    if (!id || hands.renaming) return
    hands.focus.current = null
    document.querySelector<HTMLElement>(`[data-step="${CSS.escape(id)}"]`)?.focus({ preventScroll: true })
    view.current?.show(id)
  })
  // A trial is of the document that was tried.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the document alone makes it old
  useEffect(() => setTrial(undefined), [doc])
  const gone = hands.gone
  useEffect(() => {
    if (!gone) return
    const timer = setTimeout(() => acts.gone(null), TOAST_MS)
    return () => clearTimeout(timer)
  }, [gone, acts])

  const names = useMemo(() => new Map(walk(doc).map(({ step }) => [step.id, words(step.name)])), [doc, words])
  const nameOf = (id: string) => names.get(id) || id
  const design: Design = {
    doc,
    readOnly,
    vocabulary,
    inspection,
    chosen,
    trial,
    standing,
    acts,
    asking: hands.asking,
    dragged: hands.dragged,
    renaming: hands.renaming,
    folded: hands.folded,
    clipboard: hands.clipboard,
  }
  const step = chosen && 'step' in chosen ? locate(doc, chosen.step)?.step : undefined
  const lane = chosen && 'lane' in chosen ? laneAt(doc, chosen.lane) : undefined
  const side =
    panel === 'simulate' ? (
      <Simulate
        flowKey={flowKey}
        cases={edit.cases}
        trial={trial}
        onTrial={setTrial}
        onCases={readOnly ? undefined : edit.setCases}
        onShow={show}
        onClose={() => {
          setTrial(undefined)
          closeSide()
        }}
      />
    ) : panel === 'flow' ? (
      <FlowPanel onClose={closeSide} />
    ) : panel === 'versions' ? (
      <Versions
        flowKey={flowKey}
        versions={versions}
        mayPublish={mayPublish}
        nameOf={nameOf}
        onShow={chosenVersion =>
          navigate({
            to: '/automation/flows/$key/design',
            params: { key: flowKey },
            search: { version: chosenVersion },
          })
        }
        onBegin={beginFrom}
        onClose={closeSide}
      />
    ) : panel === 'diff' ? (
      <Side
        id="design.diff_panel"
        title={t('design.compare_with', { version: active?.version ?? 0 })}
        onClose={closeSide}
      >
        <DraftChanges
          flowKey={flowKey}
          name={words(doc.name)}
          base={active?.version}
          revision={edit.state === 'saved' ? edit.revision : 0}
        />
      </Side>
    ) : step ? (
      <Drawer key={step.id} step={step} tab={tab} onTab={setTab} onClose={closeSide} />
    ) : lane && chosen && 'lane' in chosen ? (
      <LanePanel
        key={`${chosen.lane.block}/${chosen.lane.lane}`}
        lies={chosen.lane}
        lane={lane}
        flowKey={flowKey}
        onClose={closeSide}
      />
    ) : null
  const choosing = {
    ...acts,
    choose: (next: Parameters<typeof acts.choose>[0]) => {
      setPanel(null)
      acts.choose(next)
    },
  }
  const onKey = treeKeys(doc, { ...hands, acts: { ...acts, choose: choosing.choose } }, readOnly)

  return (
    <DesignContext value={design}>
      <div
        className="page design"
        data-testid="design.page"
        data-state={props.state}
        data-revision={edit.revision}
        data-ready={edit.ready}
      >
        <TopBar
          flowKey={flowKey}
          name={words(doc.name)}
          state={props.state}
          base={draft.base_version}
          save={edit.state}
          savedAt={edit.savedAt}
          readOnly={readOnly}
          table={table}
          zoom={zoom}
          canUndo={edit.canUndo}
          canRedo={edit.canRedo}
          onUndo={edit.undo}
          onRedo={edit.redo}
          onZoom={factor => view.current?.zoomBy(factor)}
          onFit={() => view.current?.fit()}
          onTable={() => setTable(!table)}
          onPanel={open}
        />
        {props.banner}
        <ReleaseCard flowKey={flowKey} base={active?.version} />
        {!readOnly && <Coach login={props.login} />}
        {!readOnly && (
          <Phrase
            defaults={defaults()}
            nameFor={(key, who) => bothWords(say => say(`design.phrase_${key}`, { who }))}
            onTake={made => {
              edit.put(insert(doc, spotForBranch(doc), [made]))
              acts.choose({ step: made.id })
            }}
          />
        )}
        <div
          className={`design-body${side ? ' has-side' : ''}`}
          onPointerDownCapture={event =>
            (event.target as Element).closest('.step-card, .lane-name') &&
            panel &&
            panel !== 'publish' &&
            setPanel(null)
          }
        >
          <Outline onShow={show} />
          {table ? (
            <StepTable
              onOpen={(id, open) => {
                choosing.choose({ step: id })
                if (open) setTab(open)
              }}
              onShow={id => {
                setTable(false)
                choosing.choose({ step: id })
                requestAnimationFrame(() => show(id))
              }}
            />
          ) : (
            wide && <Canvas view={view} onZoom={setZoom} onKey={onKey} frozen={version !== undefined} />
          )}
          {side}
        </div>
        <Problems
          problems={problems}
          open={problemsOpen}
          onOpen={setProblemsOpen}
          onJump={jump}
          onFix={readOnly ? undefined : mend}
        />
        {gone && (
          <div className="undo-toast" role="status" data-testid="design.toast">
            {t('design.gone', { name: words(gone.name) })}
            <Button
              size="small"
              onClick={() => {
                edit.undo()
                acts.gone(null)
              }}
              data-testid="design.toast.undo"
            >
              {t('design.undo')}
            </Button>
          </div>
        )}
        {hands.asked && 'step' in hands.asked && (
          <ImpactDialog
            step={hands.asked.step}
            found={hands.asked.found}
            onDone={removed => {
              acts.asked(null)
              if (removed) acts.choose(null)
            }}
          />
        )}
        {hands.asked && 'lane' in hands.asked && (
          <LaneDialog
            lane={hands.asked.lane}
            onDone={removed => {
              acts.asked(null)
              if (removed) acts.choose(null)
            }}
          />
        )}
        {edit.theirs && (edit.state === 'stale' || edit.state === 'locked') && (
          <StaleDialog
            mine={doc}
            theirs={edit.theirs}
            locked={edit.state === 'locked'}
            onSettle={edit.settle}
          />
        )}
        {panel === 'publish' && (
          <Publish
            flowKey={flowKey}
            name={words(doc.name)}
            base={active?.version}
            inspection={inspection}
            cases={edit.cases.length}
            revision={edit.revision}
            nameOf={nameOf}
            save={edit.save}
            onJump={jump}
            onPublished={() => {
              setDone(true)
              void edit.forget()
            }}
            onClose={() => {
              setPanel(null)
              if (done) props.reload()
            }}
          />
        )}
      </div>
    </DesignContext>
  )
}
