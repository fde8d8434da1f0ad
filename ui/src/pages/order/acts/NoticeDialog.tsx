import { Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useNoticePreview, useOrderAct } from '../../../api/acts'
import type { Order } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Failed, Loading, Refusal } from '../../../ui/states'

const languages = ['zh-CN', 'en'] as const

/** Looks at a notice to the customer, then sends it: once more, or to another address. */
export function NoticeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { t, lang, code } = useWords()
  const template = order.notice_to_send ?? ''
  const [shown, setShown] = useState<(typeof languages)[number]>(lang === 'zh' ? 'zh-CN' : 'en')
  const [to, setTo] = useState('')
  const preview = useNoticePreview(order.id, template, shown)
  const write = useOrderAct(order.id)
  const send = () => {
    const address = to.trim()
    write.mutate(
      { act: 'notices', body: { template, ...(address && { to: address }) } },
      { onSuccess: onClose },
    )
  }
  return (
    <Modal
      open
      width={640}
      title={t('order.notice_title', { template: code('template', template) })}
      okText={t('action.send')}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ 'data-testid': 'order.notice.send' } as never}
      confirmLoading={write.isPending}
    >
      <Radio.Group
        aria-label={t('order.notice_preview')}
        value={shown}
        onChange={event => setShown(event.target.value)}
        options={languages.map(value => ({ value, label: t(`notice.lang.${value}`) }))}
      />
      {preview.isPending && <Loading rows={5} />}
      {preview.error && <Failed id="order.notice" error={preview.error} retry={() => preview.refetch()} />}
      {preview.data && (
        <section className="mail" aria-label={t('order.notice_preview')} data-testid="order.notice.preview">
          <h3>{preview.data.subject}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre tabIndex={0}>{preview.data.text}</pre>
        </section>
      )}
      <label className="field">
        <span>{t('order.notice_to')}</span>
        <Input
          inputMode="email"
          value={to}
          onChange={event => setTo(event.target.value)}
          data-testid="order.notice.to"
        />
      </label>
      <Refusal error={write.error} id="order.notice" />
    </Modal>
  )
}
