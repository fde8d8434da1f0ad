import { Button } from 'antd'
import { useMay } from '../../api/admin'
import { useKeys } from '../../app/keys'
import { ListSearch } from '../../forms/ListSearch'
import { useWords } from '../../i18n'

/** The search of a list of records, and the way to a new one for who may write them. */
export function Tools({
  id,
  q,
  right = 'write_master',
  onSearch,
  onNew,
}: {
  id: string
  q?: string
  /** What whoever adds a record must be allowed. */
  right?: string
  /** Absent for lists that are short. */
  onSearch?: (q: string | undefined) => void
  onNew: () => void
}) {
  const { t } = useWords()
  const writes = useMay()(right)
  useKeys({ n: onNew }, writes)
  return (
    <search className="filters">
      {onSearch && <ListSearch id={`${id}.q`} label={t('master.search')} value={q} onChange={onSearch} />}
      {writes && (
        <Button type="primary" onClick={onNew} data-testid={`${id}.new`}>
          {t('action.new')}
        </Button>
      )}
    </search>
  )
}
