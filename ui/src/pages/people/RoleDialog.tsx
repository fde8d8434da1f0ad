import { Alert, Button, Checkbox } from 'antd'
import { useState } from 'react'
import type { components } from '../../api/schema'
import { type Tagged, usePutRoles } from '../../api/settings'
import { complete, type FieldSpec, Fields, pathOf } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { ScopeFields, scopeComplete } from './ScopeFields'

type S = components['schemas']
type Role = S['Role']

const asPut = ({ role, name, rights, scope }: Role): S['OwnRole'] => ({
  role,
  name,
  rights: rights.map(right => right.name),
  scope,
})

/** A role of the company's own, new as the copy of another one: what it is called, what it allows, and of which orders. */
export function RoleDialog({
  known,
  role,
  copy,
  onClose,
}: {
  known: Tagged<S['Roles']>
  role: Role
  copy: boolean
  onClose: () => void
}) {
  const { t, words } = useWords()
  const write = usePutRoles()
  const { items, rights, rights_apart, rights_over_all } = known.body
  const [values, setValues] = useState(
    copy ? { role: '', zh: '', en: '' } : { role: role.role, zh: role.name.zh, en: role.name.en },
  )
  const had = role.rights.map(right => right.name)
  const [chosen, setChosen] = useState<string[]>(had)
  const [scope, setScope] = useState(role.scope)
  const specs: FieldSpec[] = [
    { name: 'role', label: t('roles.code'), required: true, fixed: !copy },
    { name: 'zh', label: t('roles.zh'), required: true, path: 'name.zh' },
    { name: 'en', label: t('roles.en'), path: 'name.en' },
  ]
  const clashes = rights_apart.filter(({ rights }) => rights.every(name => chosen.includes(name)))
  const overAll = scope.kind === 'all' ? [] : chosen.filter(name => rights_over_all.includes(name))
  const text = (name: string) => words(rights.find(right => right.name === name)?.text)
  const told = (names: string[]) => names.map(text).join(t('list.comma'))
  const others = items.filter(each => each.own && (copy || each.role !== role.role)).map(asPut)
  const put = (own: S['OwnRole'][]) =>
    write.mutate({ body: { items: own }, tag: known.tag }, { onSuccess: onClose })
  const gained = chosen.filter(name => !had.includes(name))
  const lost = had.filter(name => !chosen.includes(name))
  return (
    <FormDialog
      id="role"
      title={copy ? t('roles.copy_of', { role: words(role.name) }) : words(role.name)}
      okText={t('action.save')}
      ready={
        complete(specs, values) &&
        chosen.length > 0 &&
        clashes.length + overAll.length === 0 &&
        scopeComplete(scope)
      }
      write={write}
      shown={specs.map(pathOf)}
      onSend={() => {
        const { role: code = '', zh = '', en = '' } = values
        put([...others, { role: code, name: { zh, en: en || zh }, rights: chosen, scope }])
      }}
      onClose={onClose}
    >
      <Fields
        id="role"
        specs={specs}
        values={values}
        onChange={next => setValues(before => ({ ...before, ...next }))}
      />
      <fieldset className="field field-wide role-part" data-testid="role.rights">
        <legend>{t('roles.rights')}</legend>
        <Checkbox.Group
          className="role-rights"
          value={chosen}
          onChange={setChosen}
          options={rights.map(({ name, text }) => ({ value: name, label: words(text) }))}
        />
      </fieldset>
      <ScopeFields
        scope={scope}
        overAll={overAll.map(text)}
        onChange={setScope}
        onDrop={() => setChosen(chosen.filter(name => !overAll.includes(name)))}
      />
      {clashes.map(({ rights, reason }) => (
        <Alert
          key={rights.join()}
          type="warning"
          showIcon
          title={`${rights.map(text).join(' + ')}: ${words(reason)}`}
          data-testid={`role.clash:${rights.join('+')}`}
        />
      ))}
      {!copy && (
        <div data-testid="role.effect" data-gained={gained.length} data-lost={lost.length}>
          <p className="quiet">{t('roles.reaches', { count: role.members })}</p>
          {gained.length > 0 && <p className="quiet">{t('roles.gained', { rights: told(gained) })}</p>}
          {lost.length > 0 && <p className="quiet">{t('roles.lost', { rights: told(lost) })}</p>}
          {role.members === 0 && (
            <Button danger loading={write.isPending} onClick={() => put(others)} data-testid="role.remove">
              {t('roles.remove')}
            </Button>
          )}
        </div>
      )}
    </FormDialog>
  )
}
