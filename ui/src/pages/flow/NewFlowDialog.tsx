import { useNavigate } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { useState } from 'react'
import { readDraft, saveDraft, useVocabulary } from '../../api/flows'
import { useWords } from '../../i18n'
import { Loading, Refusal } from '../../ui/states'

/** A key that nothing has yet, as the server takes them. */
function freeKey(base: string, known: string[]): string {
  const stem =
    base
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || 'flow'
  let key = stem
  for (let n = 2; known.includes(key); n += 1) key = `${stem}-${n}`
  return key
}

/** Begins a flow from one that is shipped: its draft opens at once, under its own name. */
export function NewFlowDialog({ known, onClose }: { known: string[]; onClose: () => void }) {
  const { t, lang, words } = useWords()
  const navigate = useNavigate()
  const { data } = useVocabulary(lang)
  const [template, setTemplate] = useState<string>()
  const [zh, setZh] = useState('')
  const [en, setEn] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const ready = Boolean(template) && zh.trim() !== '' && !busy
  const go = async () => {
    if (!template || !ready) return
    setBusy(true)
    setError(undefined)
    try {
      const key = freeKey(en || template, known)
      const { revision } = await saveDraft(key, 0, { template })
      const draft = await readDraft(key)
      await saveDraft(key, revision, {
        doc: { ...draft.doc, name: { zh: zh.trim(), en: en.trim() || zh.trim() } },
        cases: [],
      })
      navigate({ to: '/automation/flows/$key/design', params: { key } })
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      width={640}
      title={t('flow.new')}
      okText={t('flow.create')}
      cancelText={t('action.back')}
      onOk={go}
      onCancel={onClose}
      confirmLoading={busy}
      okButtonProps={{ disabled: !ready, 'data-testid': 'flows.new.send' } as never}
      cancelButtonProps={{ 'data-testid': 'flows.new.close' } as never}
    >
      <p className="quiet">{t('flow.new_note')}</p>
      {!data && <Loading rows={3} />}
      <div className="templates" role="radiogroup" aria-label={t('flow.template')}>
        {data?.templates.map(each => (
          <label key={each.key} className={`template${template === each.key ? ' is-chosen' : ''}`}>
            <input
              type="radio"
              name="template"
              checked={template === each.key}
              onChange={() => setTemplate(each.key)}
              data-testid={`flows.template:${each.key}`}
            />
            <span>
              <span className="strong">{words(each.name)}</span>
              <span className="quiet">
                {data.words[`purpose.${each.purpose}`]} · {t('flow.steps', { count: each.steps })}
              </span>
            </span>
          </label>
        ))}
      </div>
      <div className="pair">
        <label className="field">
          <span>{t('design.name_zh')}</span>
          <Input
            value={zh}
            maxLength={60}
            onChange={event => setZh(event.target.value)}
            onPressEnter={go}
            data-testid="flows.new.name"
          />
        </label>
        <label className="field">
          <span>{t('design.name_en')}</span>
          <Input
            value={en}
            maxLength={60}
            onChange={event => setEn(event.target.value)}
            onPressEnter={go}
            data-testid="flows.new.name_en"
          />
        </label>
      </div>
      <Refusal error={error} id="flows.new" />
    </Modal>
  )
}
