import { Select } from 'antd'
import { type Choosing, useColleagues } from '../api/acts'
import { useMe } from '../api/hooks'
import type { Person } from '../api/types'
import { useWords } from '../i18n'

interface Shown {
  value: string
  label: string
  away?: boolean
}

/** Chooses a person by name or login: anybody in the house but oneself, or of those that the server names. */
export function ColleagueSelect({
  id,
  label,
  value,
  among,
  choosing,
  self = false,
  autoFocus,
  onChange,
}: {
  id: string
  label: string
  value: string | undefined
  among?: Person[]
  /** Only those who may be chosen for this. */
  choosing?: Choosing
  /** Whether one may choose oneself. */
  self?: boolean
  autoFocus?: boolean
  onChange: (login: string | undefined) => void
}) {
  const { t, code } = useWords()
  const { data: me } = useMe()
  const { data, isPending } = useColleagues(choosing)
  const known = new Map(data?.map(each => [each.login, each]))
  const logins = among?.map(each => each.login) ?? data?.map(each => each.login) ?? []
  const options = logins
    .filter(login => self || login !== me?.login)
    .map((login): Shown => {
      const found = known.get(login)
      const name = found?.name ?? among?.find(each => each.login === login)?.name ?? login
      const department = found?.department ? ` · ${code('department', found.department)}` : ''
      return {
        value: login,
        label: `${name} (${login})${department}${found?.away ? ` · ${t('people.away')}` : ''}`,
      }
    })
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      allowClear
      autoFocus={autoFocus}
      aria-label={label}
      placeholder={t('people.choose')}
      loading={isPending && !among}
      value={value}
      options={options}
      onChange={onChange}
      data-testid={id}
    />
  )
}
