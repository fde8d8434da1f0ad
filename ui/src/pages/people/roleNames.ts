import { useRoles } from '../../api/settings'
import { useWords } from '../../i18n'

/** Says the name of a role: the company's own as it named it. */
export function useRoleName() {
  const { code, words } = useWords()
  const { data } = useRoles()
  return (role: string) =>
    words(data?.body.items.find(each => each.role === role)?.name) || code('role', role)
}
