import { Button, type ButtonProps, Popconfirm, Tooltip } from 'antd'
import type { Action } from '../api/types'
import { useWords } from '../i18n'

export const actionOf = (actions: Action[], name: string) => actions.find(action => action.name === name)

/** Why an action is not open, in words. */
export function useReason() {
  const { t } = useWords()
  return (action: Action | undefined) =>
    action?.reason_code
      ? t(`reason.${action.reason_code}`, { defaultValue: t('reason.other', { code: action.reason_code }) })
      : t('reason.none')
}

/**
 * A button for an action of the server: absent when the server does not name it, disabled with the reason it gives,
 * called and confirmed as its step says.
 */
export function ActionButton({
  actions,
  name,
  ...props
}: { actions: Action[]; name: string; 'data-testid': string } & Omit<ButtonProps, 'name'>) {
  const { t, words } = useWords()
  const reasonOf = useReason()
  const action = actionOf(actions, name)
  if (!action) return null
  const label = props.children ?? (words(action.label) || t(`action.${name}`))
  if (action.allowed && action.confirm) {
    const { onClick, ...rest } = props
    return (
      <Popconfirm
        title={words(action.confirm)}
        onConfirm={event => onClick?.(event as Parameters<NonNullable<typeof onClick>>[0])}
      >
        <Button {...rest}>{label}</Button>
      </Popconfirm>
    )
  }
  if (action.allowed) return <Button {...props}>{label}</Button>
  const reason = reasonOf(action)
  return (
    <Tooltip title={reason}>
      <span title={reason}>
        <Button {...props} disabled>
          {label}
        </Button>
      </span>
    </Tooltip>
  )
}
