import { Alert, Modal } from 'antd'
import {
  createContext,
  type KeyboardEvent,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
} from 'react'
import { asProblem } from '../api/problem'
import { useWords } from '../i18n'
import { Refusal } from '../ui/states'
import { type Faults, faultsIn } from './faults'

const AtFields = createContext<Faults>(new Map())
/** What is wrong with a field of the dialog around it. */
export const useFault = (name: string) => useContext(AtFields).get(name)
/** What is wrong with any of some fields, where one line of the dialog stands for all of them. */
export function useFaultsOf(names: string[]) {
  const faults = useContext(AtFields)
  return names.flatMap(name => faults.get(name) ?? []).join(' ')
}

/** Faults of a refusal at the fields that the dialog shows, and those that belong to none of them. */
function Refused({
  id,
  error,
  faults,
  shown,
}: {
  id: string
  error: unknown
  faults: Faults
  shown: string[]
}) {
  const { t } = useWords()
  if (!error) return null
  if (!faults.size) return <Refusal id={id} error={error} />
  const rest = [...faults].filter(([name]) => !shown.includes(name))
  return (
    <Alert
      type="error"
      showIcon
      className="refusal"
      role="alert"
      data-testid={`${id}.refusal`}
      title={asProblem(error).detail || t('form.refused')}
      description={rest.length > 0 && rest.map(([name, text]) => <div key={name}>{text}</div>)}
    />
  )
}

/** A dialog with a form. Ctrl+Enter sends; what the server finds wrong stands at its field. */
export function FormDialog({
  id,
  title,
  okText,
  ready,
  write,
  shown,
  wide,
  onSend,
  onClose,
  children,
}: {
  id: string
  title: string
  okText: string
  ready: boolean
  write: { isPending: boolean; error: unknown }
  /** Names of the fields in it, as the server calls them. */
  shown: string[]
  wide?: boolean
  onSend: () => void
  onClose: () => void
  children: ReactNode
}) {
  const { t, lang } = useWords()
  const faults = useMemo(() => faultsIn(write.error, lang), [write.error, lang])
  const form = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (faults.size) form.current?.querySelector('.field-finding')?.scrollIntoView({ block: 'nearest' })
  }, [faults])
  const open = ready && !write.isPending
  const send = () => open && onSend()
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }
  return (
    <Modal
      open
      title={title}
      width={wide ? 820 : undefined}
      okText={okText}
      cancelText={t('action.back')}
      onOk={send}
      onCancel={onClose}
      okButtonProps={{ disabled: !open, 'data-testid': `${id}.send` } as never}
      cancelButtonProps={{ 'data-testid': `${id}.close` } as never}
      confirmLoading={write.isPending}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the fields inside */}
      <div className="form" ref={form} onKeyDown={onKey}>
        <AtFields value={faults}>{children}</AtFields>
      </div>
      <Refused id={id} error={write.error} faults={faults} shown={shown} />
    </Modal>
  )
}
