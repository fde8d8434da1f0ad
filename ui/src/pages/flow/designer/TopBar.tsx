import {
  CloudOutlined,
  CloudSyncOutlined,
  CompressOutlined,
  DiffOutlined,
  HistoryOutlined,
  PlayCircleOutlined,
  RedoOutlined,
  RocketOutlined,
  SettingOutlined,
  TableOutlined,
  UndoOutlined,
  WarningOutlined,
  ZoomInOutlined,
  ZoomOutOutlined,
} from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useWords } from '../../../i18n'
import { When } from '../../../ui/Time'
import { FlowState } from '../Flows'
import type { SaveState } from './useDraft'

export type Panel = 'simulate' | 'diff' | 'versions' | 'publish' | 'flow'

function Tool({
  id,
  icon,
  text,
  keys,
  disabled,
  onClick,
}: {
  id: string
  icon: ReactNode
  text: string
  keys?: string
  disabled?: boolean
  onClick: () => void
}) {
  return (
    <Tooltip title={keys ? `${text} (${keys})` : text}>
      <Button
        type="text"
        icon={icon}
        aria-label={text}
        disabled={disabled}
        onClick={onClick}
        data-testid={`design.${id}`}
      />
    </Tooltip>
  )
}

function Saved({ state, at }: { state: SaveState; at: string | null | undefined }) {
  const { t } = useWords()
  const quiet = state === 'saved'
  const Icon = quiet
    ? CloudOutlined
    : state === 'saving' || state === 'dirty'
      ? CloudSyncOutlined
      : WarningOutlined
  return (
    <span
      className={quiet || state === 'dirty' || state === 'saving' ? 'quiet nowrap' : 'save-trouble nowrap'}
      role="status"
      data-testid="design.saved"
      data-state={state}
    >
      <Icon aria-hidden /> {t(`design.save.${state}`)} {quiet && at && <When at={at} />}
    </span>
  )
}

/** What is on screen, how it is kept, and everything one can do with the whole of it. There is nothing to save. */
export function TopBar({
  flowKey,
  name,
  state,
  base,
  save,
  savedAt,
  readOnly,
  table,
  zoom,
  canUndo,
  canRedo,
  onUndo,
  onRedo,
  onZoom,
  onFit,
  onTable,
  onPanel,
}: {
  flowKey: string
  name: string
  /** `draft`, `active`, `history` or `disabled`. */
  state: string
  base: number | null | undefined
  save: SaveState
  savedAt: string | null | undefined
  readOnly: boolean
  /** The steps are shown as a table. */
  table: boolean
  zoom: number
  canUndo: boolean
  canRedo: boolean
  onUndo: () => void
  onRedo: () => void
  onZoom: (factor: number) => void
  onFit: () => void
  onTable: () => void
  onPanel: (panel: Panel) => void
}) {
  const { t } = useWords()
  return (
    <header className="design-bar">
      <div className="design-title">
        <Link to="/automation/flows" data-testid="design.back">
          {t('nav.flows')}
        </Link>
        <span aria-hidden>/</span>
        <h1>{name || flowKey}</h1>
        <FlowState state={state} />
        {state === 'draft' && base ? (
          <span className="quiet nowrap">{t('design.based_on', { version: base })}</span>
        ) : null}
        {state === 'draft' && <Saved state={save} at={savedAt} />}
      </div>
      <div className="design-tools" role="toolbar" aria-label={t('design.tools')}>
        {!readOnly && (
          <>
            <Tool
              id="undo"
              icon={<UndoOutlined aria-hidden />}
              text={t('design.undo')}
              keys="Ctrl Z"
              disabled={!canUndo}
              onClick={onUndo}
            />
            <Tool
              id="redo"
              icon={<RedoOutlined aria-hidden />}
              text={t('design.redo')}
              keys="Ctrl Shift Z"
              disabled={!canRedo}
              onClick={onRedo}
            />
          </>
        )}
        <Button
          icon={<TableOutlined aria-hidden />}
          aria-pressed={table}
          type={table ? 'primary' : 'default'}
          onClick={onTable}
          data-testid="design.table"
        >
          {t('steps.title')}
        </Button>
        <span className="tool-gap" aria-hidden />
        <Tool
          id="zoom_out"
          icon={<ZoomOutOutlined aria-hidden />}
          text={t('design.zoom_out')}
          onClick={() => onZoom(1 / 1.25)}
        />
        <span className="num zoom" data-testid="design.zoom">
          {Math.round(zoom * 100)}%
        </span>
        <Tool
          id="zoom_in"
          icon={<ZoomInOutlined aria-hidden />}
          text={t('design.zoom_in')}
          onClick={() => onZoom(1.25)}
        />
        <Tool id="fit" icon={<CompressOutlined aria-hidden />} text={t('design.fit')} onClick={onFit} />
        <span className="tool-gap" aria-hidden />
        <Button
          icon={<SettingOutlined aria-hidden />}
          onClick={() => onPanel('flow')}
          data-testid="design.flow"
        >
          {t('design.flow')}
        </Button>
        <Button
          icon={<PlayCircleOutlined aria-hidden />}
          onClick={() => onPanel('simulate')}
          data-testid="design.simulate"
        >
          {t('design.simulate')}
        </Button>
        <Button icon={<DiffOutlined aria-hidden />} onClick={() => onPanel('diff')} data-testid="design.diff">
          {t('design.compare')}
        </Button>
        <Button
          icon={<HistoryOutlined aria-hidden />}
          onClick={() => onPanel('versions')}
          data-testid="design.versions"
        >
          {t('design.versions')}
        </Button>
        {!readOnly && (
          <Button
            type="primary"
            icon={<RocketOutlined aria-hidden />}
            onClick={() => onPanel('publish')}
            data-testid="design.publish"
          >
            {t('design.publish')}
          </Button>
        )}
      </div>
    </header>
  )
}
