import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { Kind, Step } from '../../../flow/doc'
import { changeStep } from '../../../flow/edit'
import { settings, withValue } from '../../../flow/settings'
import { useWords } from '../../../i18n'
import { useDesign, wordOf } from './design'
import { levels, PLAIN } from './widgets/access'
import { SettingField } from './widgets/SettingField'

/** What the people of a step may do with fields, in a line; it opens the setting of the drawer where it stands. */
export function StepFields({ step }: { step: Step }) {
  const { t, words } = useWords()
  const { doc, vocabulary, acts } = useDesign()
  const [open, setOpen] = useState(false)
  const setting = settings[step.kind.type]?.find(each => each.widget === 'access')
  if (!setting) return null
  const access = (step.kind.fields as Record<string, string>) ?? {}
  const counted = levels
    .filter(level => level !== PLAIN)
    .map(level => ({ level, n: Object.values(access).filter(each => each === level).length }))
    .filter(({ n }) => n > 0)
    .map(({ level, n }) => t('steps.fields_at', { n, level: wordOf(vocabulary, `access.${level}`) }))
  const close = () => setOpen(false)
  return (
    <>
      <Button type="link" size="small" onClick={() => setOpen(true)} data-testid={`steps.fields:${step.id}`}>
        {counted.join(' · ') || t('design.all_read')}
      </Button>
      {open && (
        <Modal
          open
          title={words(step.name) || step.id}
          footer={<Button onClick={close}>{t('action.close')}</Button>}
          onCancel={close}
          data-testid="steps.fields.dialog"
        >
          <SettingField
            step={step}
            setting={setting}
            value={access}
            onChange={value =>
              acts.put(
                changeStep(doc, step.id, old => ({
                  ...old,
                  kind: withValue(old.kind, setting, value) as Kind,
                })),
              )
            }
          />
        </Modal>
      )}
    </>
  )
}
