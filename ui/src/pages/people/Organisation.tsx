import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useColleagues } from '../../api/acts'
import { useDepartments, useMay } from '../../api/admin'
import { type Organisation, type Tagged, useOrganisation, usePutOrganisation } from '../../api/settings'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'

/** One thing that people answer for; the key of a row that is being typed does not move. */
type Kept = [name: string, logins: string[]]
interface Turn {
  roster: string
  login: string
  from: string
  to: string
}

function usePeopleOptions() {
  const { data } = useColleagues()
  return data?.map(each => ({ value: each.login, label: `${each.name} (${each.login})` }))
}

function Block<Row>({
  id,
  rows,
  first,
  readOnly,
  onChange,
  children,
}: {
  id: string
  rows: Row[]
  first: Row
  readOnly: boolean
  onChange: (rows: Row[]) => void
  children: (row: Row, put: (row: Row) => void, at: number) => ReactNode
}) {
  const { t } = useWords()
  return (
    <fieldset className="items" data-testid={`organisation.${id}`} data-count={rows.length}>
      <legend>{t(`organisation.${id}`)}</legend>
      {rows.length === 0 && <p className="quiet">{t('organisation.none')}</p>}
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names are being typed
        <div key={at} className="beside">
          {children(row, next => onChange(rows.map((each, index) => (index === at ? next : each))), at)}
          {!readOnly && (
            <Button
              type="text"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('form.remove_row', { n: at + 1 })}
              onClick={() => onChange(rows.filter((_, index) => index !== at))}
              data-testid={`organisation.${id}.remove:${at}`}
            />
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          type="dashed"
          size="small"
          icon={<PlusOutlined aria-hidden />}
          onClick={() => onChange([...rows, first])}
          data-testid={`organisation.${id}.add`}
        >
          {t('form.add_row')}
        </Button>
      )}
    </fieldset>
  )
}

/** A name that is typed, or one of those known, and who answers for it. */
function KeptBy({
  id,
  rows,
  readOnly,
  onChange,
}: {
  id: string
  rows: Kept[]
  readOnly: boolean
  onChange: (rows: Kept[]) => void
}) {
  const { t } = useWords()
  const people = usePeopleOptions()
  return (
    <Block id={id} rows={rows} first={['', []]} readOnly={readOnly} onChange={onChange}>
      {([name, logins], put, at) => (
        <>
          <Input
            aria-label={t(`organisation.${id}.name`)}
            placeholder={t(`organisation.${id}.name`)}
            disabled={readOnly}
            value={name}
            onChange={event => put([event.target.value, logins])}
            data-testid={`organisation.${id}:${at}`}
          />
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('organisation.who')}
            placeholder={t('organisation.who')}
            disabled={readOnly}
            value={logins}
            onChange={next => put([name, next])}
            options={people}
            data-testid={`organisation.${id}:${at}.who`}
          />
        </>
      )}
    </Block>
  )
}

const entries = (map: Record<string, string>) => Object.entries(map)
const whole = <Value,>(rows: [string, Value][]) =>
  Object.fromEntries(rows.filter(([name]) => name.trim() !== '')) as Record<string, Value>

function Editor({ read }: { read: Tagged<Organisation> }) {
  const { t, words } = useWords()
  const readOnly = !useMay()('write_organisation')
  const write = usePutOrganisation()
  /** Of what is on screen: what somebody else has put since is refused, not overwritten. */
  const [tag, setTag] = useState(read.tag)
  const people = usePeopleOptions()
  const departments = useDepartments()
  const [heads, setHeads] = useState(read.body.heads)
  const [managers, setManagers] = useState(entries(read.body.managers))
  const [keepers, setKeepers] = useState<Kept[]>(Object.entries(read.body.keepers))
  const [lines, setLines] = useState<Kept[]>(Object.entries(read.body.product_line_owners))
  const [turns, setTurns] = useState<Turn[]>(
    Object.entries(read.body.rosters).flatMap(([roster, duties]) =>
      duties.map(duty => ({ roster, ...duty })),
    ),
  )
  const save = () => {
    const rosters: Organisation['rosters'] = {}
    for (const { roster, ...duty } of turns)
      if (roster.trim()) rosters[roster] = [...(rosters[roster] ?? []), duty]
    const body = {
      heads,
      managers: whole(managers),
      keepers: whole(keepers),
      product_line_owners: whole(lines),
      rosters,
    }
    write.mutate({ body, tag }, { onSuccess: answer => setTag(`"${answer.tag}"`) })
  }
  const person = (id: string, value: string, put: (login: string) => void) => (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      allowClear
      aria-label={t('organisation.who')}
      placeholder={t('people.choose')}
      disabled={readOnly}
      value={value || undefined}
      onChange={next => put(next ?? '')}
      options={people}
      data-testid={id}
    />
  )
  return (
    <section className="card tab-body form organisation">
      <p className="quiet">{t('organisation.note')}</p>
      <fieldset className="items" data-testid="organisation.heads">
        <legend>{t('organisation.heads')}</legend>
        {departments.data?.map(each => (
          <div key={each.code} className="beside">
            <span className="organisation-name">{words(each.name)}</span>
            {person(`organisation.heads:${each.code}`, heads[each.code] ?? '', login => {
              const { [each.code]: _, ...rest } = heads
              setHeads(login ? { ...rest, [each.code]: login } : rest)
            })}
          </div>
        ))}
      </fieldset>
      <Block id="managers" rows={managers} first={['', '']} readOnly={readOnly} onChange={setManagers}>
        {([who, superior], put, at) => (
          <>
            {person(`organisation.managers:${at}`, who, login => put([login, superior]))}
            <span>{t('organisation.reports_to')}</span>
            {person(`organisation.managers:${at}.who`, superior, login => put([who, login]))}
          </>
        )}
      </Block>
      <KeptBy id="keepers" rows={keepers} readOnly={readOnly} onChange={setKeepers} />
      <KeptBy id="lines" rows={lines} readOnly={readOnly} onChange={setLines} />
      <Block
        id="rosters"
        rows={turns}
        first={{ roster: '', login: '', from: '', to: '' }}
        readOnly={readOnly}
        onChange={setTurns}
      >
        {(turn, put, at) => (
          <>
            <Input
              aria-label={t('organisation.rosters.name')}
              placeholder={t('organisation.rosters.name')}
              disabled={readOnly}
              value={turn.roster}
              onChange={event => put({ ...turn, roster: event.target.value })}
              data-testid={`organisation.rosters:${at}`}
            />
            {person(`organisation.rosters:${at}.who`, turn.login, login => put({ ...turn, login }))}
            {(['from', 'to'] as const).map(end => (
              <Input
                key={end}
                type="date"
                aria-label={t(`organisation.${end}`)}
                disabled={readOnly}
                value={turn[end].slice(0, 10)}
                onChange={event => put({ ...turn, [end]: event.target.value })}
                data-testid={`organisation.rosters:${at}.${end}`}
              />
            ))}
          </>
        )}
      </Block>
      <Refusal id="organisation" error={write.error} />
      {!readOnly && (
        <Button type="primary" loading={write.isPending} onClick={save} data-testid="organisation.save">
          {t('action.save')}
        </Button>
      )}
      {write.isSuccess && (
        <p role="status" data-testid="organisation.saved">
          {t('organisation.saved')}
        </p>
      )}
    </section>
  )
}

/** Who answers for what; flows ask these people by what they answer for. */
export function OrganisationForm() {
  const { data, error, isPending, refetch } = useOrganisation()
  if (isPending) return <Loading rows={8} />
  if (error || !data) return <Failed id="organisation" error={error} retry={() => refetch()} />
  return <Editor read={data} />
}
