import { useMemo, useState } from 'react'
import { type SheetKind, useLoad, useStart } from '../../api/start'
import { ROLES } from '../../app/roles'
import { SheetLoad } from '../../forms/sheet/SheetLoad'
import type { SheetRecord } from '../../forms/sheet/sheet'
import { useWords } from '../../i18n'
import { columnsOf, type FirstPassword, keyOf, loadOf, passwordsFor } from './kinds'

/** One sheet of the set-up. New people get passwords, which are shown here and nowhere else. */
export function LoadStep({ kind }: { kind: SheetKind }) {
  const { t, code } = useWords()
  const { users, departments } = useStart()
  const load = useLoad()
  const [passwords, setPasswords] = useState<FirstPassword[]>([])
  const columns = useMemo(
    () =>
      columnsOf(kind, {
        roles: ROLES.map(value => ({
          value,
          words: [t(`role.${value}`, { lng: 'zh' }), t(`role.${value}`, { lng: 'en' })],
        })),
        department: departments.map(({ code: value, name }) => ({ value, words: [name.zh, name.en] })),
      }),
    [kind, departments, t],
  )
  const key = useMemo(() => keyOf(kind), [kind])
  const send = (records: SheetRecord[]) => {
    const known = users?.map(user => user.login)
    const first = kind === 'people' && known ? passwordsFor(records, known) : []
    setPasswords([])
    load.mutate(loadOf(kind, records, first), { onSuccess: () => setPasswords(first) })
  }
  return (
    <>
      <SheetLoad
        id={`start.${kind}`}
        columns={columns}
        labelOf={name => (kind === 'people' && name === 'name' ? t('user.name') : code('start.column', name))}
        keyColumns={key}
        example={t(`start.example.${kind}`)}
        onSend={send}
        // Whoever is there already keeps their password, so it must be known who is.
        waiting={kind === 'people' && !users}
        busy={load.isPending}
        error={load.error}
        result={load.data}
      />
      {passwords.length > 0 && (
        <section className="first-passwords" aria-label={t('start.passwords')}>
          <p className="strong">{t('start.passwords')}</p>
          <div className="table-wrap">
            <table className="table" data-testid="start.passwords" data-count={passwords.length}>
              <thead>
                <tr>
                  <th>{t('user.login')}</th>
                  <th>{t('user.name')}</th>
                  <th>{t('user.first_password')}</th>
                </tr>
              </thead>
              <tbody>
                {passwords.map(({ login, name, password }) => (
                  <tr key={login}>
                    <td>{login}</td>
                    <td>{name}</td>
                    <td>
                      <code data-testid={`start.password:${login}`}>{password}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  )
}
