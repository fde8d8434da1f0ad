import { CloseOutlined, DeleteOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Kind, Step } from '../../../flow/doc'
import { changeStep } from '../../../flow/edit'
import { isKnownType } from '../../../flow/kinds'
import {
  common,
  isSaidAtLength,
  type Setting,
  type SettingTab,
  settings,
  strangeIn,
  tabsOf,
  valueAt,
  withValue,
} from '../../../flow/settings'
import { useWords } from '../../../i18n'
import { StepIcon } from '../../../ui/StepIcon'
import { TabBar } from '../../../ui/TabBar'
import { namesOf, useDesign, wordOf } from './design'
import { SettingField } from './widgets/SettingField'

const stages = ['receive', 'check', 'review', 'customer', 'execute']

/** The frame of whatever is set at the right of the canvas, which stays usable. */
export function Side({
  title,
  icon,
  id,
  onClose,
  children,
}: {
  title: string
  icon?: ReactNode
  id: string
  onClose: () => void
  children: ReactNode
}) {
  const { t } = useWords()
  return (
    <aside className="side" aria-label={title} data-testid={id}>
      <div className="side-head">
        {icon}
        <h2 className="grow">{title}</h2>
        <Button
          type="text"
          icon={<CloseOutlined aria-hidden />}
          aria-label={t('action.close')}
          onClick={onClose}
          data-testid={`${id}.close`}
        />
      </div>
      <div className="side-body">{children}</div>
    </aside>
  )
}

/** The two names of something. */
export function NameFields({
  id,
  name,
  readOnly,
  onChange,
}: {
  id: string
  name: { zh: string; en: string }
  readOnly: boolean
  onChange: (name: { zh: string; en: string }) => void
}) {
  const { t } = useWords()
  return (
    <div className="pair">
      {(['zh', 'en'] as const).map(lang => (
        <label key={lang} className="field">
          <span>{t(`design.name_${lang}`)}</span>
          <Input
            value={name[lang]}
            maxLength={60}
            readOnly={readOnly}
            onChange={event => onChange({ ...name, [lang]: event.target.value })}
            data-testid={`${id}:${lang}`}
          />
        </label>
      ))}
    </div>
  )
}

function Common({ step, change }: { step: Step; change: (step: Step) => void }) {
  const { t } = useWords()
  const { vocabulary, readOnly } = useDesign()
  return (
    <>
      <NameFields
        id="design.name"
        name={step.name}
        readOnly={readOnly}
        onChange={name => change({ ...step, name })}
      />
      <div className="pair">
        <label className="field">
          <span>{t('design.stage')}</span>
          <Select
            aria-label={t('design.stage')}
            disabled={readOnly}
            value={step.stage}
            onChange={stage => change({ ...step, stage })}
            options={stages.map(stage => ({ value: stage, label: wordOf(vocabulary, `stage.${stage}`) }))}
            data-testid="design.stage"
          />
        </label>
        <label className="field">
          <span>{t('design.department')}</span>
          <Select
            allowClear
            aria-label={t('design.department')}
            placeholder={t('design.not_set')}
            disabled={readOnly}
            value={step.department}
            onChange={department => {
              const { department: _, ...rest } = step
              change(department ? { ...rest, department } : rest)
            }}
            options={namesOf(vocabulary, 'department')}
            data-testid="design.department"
          />
        </label>
      </div>
      <details>
        <summary>{t('design.more')}</summary>
        <div className="form">
          {common.map(setting => (
            <SettingField
              key={setting.path.join('.')}
              step={step}
              setting={setting}
              value={valueAt(step, setting.path)}
              onChange={value => change(withValue(step, setting, value) as Step)}
            />
          ))}
        </div>
      </details>
    </>
  )
}

/** What this program cannot edit and does not touch. */
function Strange({ step }: { step: Step }) {
  const { t } = useWords()
  const found = strangeIn(step)
  if (!found.length) return null
  return (
    <section aria-label={t('design.strange')} data-testid="design.strange" data-count={found.length}>
      <p className="quiet">{t('design.strange')}</p>
      <dl className="strange">
        {found.map(([name, value]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code>{JSON.stringify(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The settings of a step. A new setting is one entry of the list of settings. */
export function Drawer({
  step,
  tab,
  onTab,
  onClose,
}: {
  step: Step
  tab: string | undefined
  onTab: (tab: SettingTab) => void
  onClose: () => void
}) {
  const { t, words } = useWords()
  const { doc, acts, readOnly } = useDesign()
  const { type } = step.kind
  const known = settings[type] ?? []
  const tabs = tabsOf(type)
  const shown = tabs.find(each => each === tab) ?? tabs[0]
  const change = (next: Step) => acts.put(changeStep(doc, step.id, () => next))
  const set = (setting: Setting, value: unknown) =>
    change({ ...step, kind: withValue(step.kind, setting, value) as Kind })
  return (
    <Side
      id="design.drawer"
      title={words(step.name) || step.id}
      icon={
        <span className={`kind-icon kind-icon-${type}`}>
          <StepIcon type={type} />
        </span>
      }
      onClose={onClose}
    >
      <p className="quiet side-type">
        {isKnownType(type) ? t(`design.type.${type}`) : t('design.unknown_type')} · <code>{step.id}</code>
      </p>
      <Common step={step} change={change} />
      {tabs.length > 1 && (
        <TabBar
          id="design.tab"
          label={t('design.settings')}
          value={shown ?? 'who'}
          options={tabs.map(key => ({ key, text: t(`design.tab.${key}`) }))}
          onChange={onTab}
        />
      )}
      <section className="form" aria-label={shown ? t(`design.tab.${shown}`) : t('design.settings')}>
        {known
          .filter(setting => tabs.length === 0 || setting.tab === shown)
          .filter(setting => !isSaidAtLength(step.kind, setting))
          .map(setting => (
            <SettingField
              key={setting.path.join('.')}
              step={step}
              setting={setting}
              value={valueAt(step.kind, setting.path)}
              onChange={value => set(setting, value)}
            />
          ))}
        {type === 'start' && <p className="quiet">{t('design.start_note')}</p>}
        {type === 'exclusive' && <p className="quiet">{t('design.lanes_note')}</p>}
      </section>
      <Strange step={step} />
      {!readOnly && type !== 'start' && (
        <Button
          danger
          icon={<DeleteOutlined aria-hidden />}
          onClick={() => acts.remove(step.id)}
          data-testid="design.remove"
        >
          {t('design.remove')}
        </Button>
      )}
    </Side>
  )
}

/** Remembers which tab was open while other steps are looked at. */
export function useTab() {
  return useState<string>()
}
