import { PaperClipOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef } from 'react'
import { type About, useAttach } from '../api/files'
import { useWords } from '../i18n'
import { Refusal } from '../ui/states'

const TAKEN = '.pdf,.png,.jpg,.jpeg,.webp,.gif,.docx,.xlsx,.pptx,.doc,.xls,.csv,.txt,.log'

/** Picks a file and adds it. */
export function AttachButton({
  id,
  order,
  about,
  disabled,
  onDone,
}: {
  id: string
  order: string
  about: About
  disabled?: boolean
  onDone?: (name: string) => void
}) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  const attach = useAttach(order)
  const send = (file: File | undefined) => {
    if (file) attach.mutate({ file, about }, { onSuccess: () => onDone?.(file.name) })
    // The same file can be picked again after a refusal.
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={TAKEN}
        aria-label={t('file.pick')}
        onChange={event => send(event.target.files?.[0])}
        data-testid={`${id}.file`}
      />
      <Button
        icon={<PaperClipOutlined aria-hidden />}
        disabled={disabled}
        loading={attach.isPending}
        onClick={() => input.current?.click()}
        data-testid={`${id}.attach`}
      >
        {t('action.attach')}
      </Button>
      <Refusal id={`${id}.attach`} error={attach.error} />
    </>
  )
}
