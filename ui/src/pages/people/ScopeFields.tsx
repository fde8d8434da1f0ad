import { Alert, Button, Select } from 'antd'
import type { components } from '../../api/schema'
import { useWarehouses } from '../../api/supply'
import { CustomersSelect } from '../../forms/CustomersSelect'
import { useWords } from '../../i18n'

type Scope = components['schemas']['DataScope']
const kinds = ['all', 'own', 'team', 'department', 'customers', 'warehouses']

/** Whether a scope names what it has to name. */
export const scopeComplete = ({ kind, codes = [] }: Scope) =>
  codes.length > 0 || (kind !== 'customers' && kind !== 'warehouses')

function Warehouses({ value, onChange }: { value: string[]; onChange: (codes: string[]) => void }) {
  const { t } = useWords()
  const { rows } = useWarehouses()
  return (
    <Select
      mode="multiple"
      aria-label={t('scope.which_warehouses')}
      placeholder={t('scope.which_warehouses')}
      showSearch={{ optionFilterProp: 'label' }}
      value={value}
      onChange={onChange}
      options={rows?.map(({ code, name }) => ({ value: code, label: `${code} ${name ?? ''}` }))}
      data-testid="role.scope_codes"
    />
  )
}

/** Which orders the people of a role reach; rights that look at all of them are named where it reaches fewer. */
export function ScopeFields({
  scope,
  overAll,
  onChange,
  onDrop,
}: {
  scope: Scope
  /** Chosen rights that need every order in reach, in words. */
  overAll: string[]
  onChange: (scope: Scope) => void
  onDrop: () => void
}) {
  const { t } = useWords()
  const codes = scope.codes ?? []
  const change = (codes: string[]) => onChange({ kind: scope.kind, codes })
  return (
    <fieldset className="field field-wide role-part" data-testid="role.scope_fields">
      <legend>{t('scope.title')}</legend>
      <Select
        aria-label={t('scope.title')}
        value={scope.kind}
        onChange={kind => onChange({ kind, codes: [] })}
        options={kinds.map(kind => ({ value: kind, label: t(`scope.${kind}`) }))}
        data-testid="role.scope"
      />
      {scope.kind === 'customers' && (
        <CustomersSelect
          id="role.scope_codes"
          label={t('scope.which_customers')}
          placeholder={t('scope.which_customers')}
          value={codes}
          onChange={change}
        />
      )}
      {scope.kind === 'warehouses' && <Warehouses value={codes} onChange={change} />}
      {scope.kind !== 'all' && <p className="quiet">{t('scope.always')}</p>}
      {overAll.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={t('scope.over_all', { rights: overAll.join(t('list.comma')) })}
          data-testid="role.over_all"
          action={
            <Button size="small" onClick={onDrop} data-testid="role.drop_over_all">
              {t('scope.drop')}
            </Button>
          }
        />
      )}
    </fieldset>
  )
}
