import { Button, Select } from 'antd'
import { useState } from 'react'
import { useColleagues } from '../../api/acts'
import { useDepartments, useMay } from '../../api/admin'
import type { components } from '../../api/schema'
import type { HoursOf } from '../../api/settings'
import type { Workdays } from '../../forms/lines/workdays'
import { useWords } from '../../i18n'
import { When } from '../../ui/Time'
import { LeaveDialog } from '../people/LeaveDialog'
import { under } from './days'
import { LayerDialog, type Layered } from './LayerDialog'
import { Week } from './Week'

type Calendars = components['schemas']['Calendars']
type Layer = components['schemas']['CalendarLayer']

/** Departments and people by name, and under whose calendar each of them stands. */
function useLayered({ company, departments }: Calendars) {
  const { t, words } = useWords()
  const known = useDepartments().data ?? []
  const people = useColleagues().data ?? []
  const department = (code: string) => words(known.find(each => each.code === code)?.name) || code
  const layered = (of: HoursOf): Layered => {
    const plain = { above: company as Workdays, aboveName: t('calendar.company') }
    if (of.kind === 'departments') return { of, name: department(of.key), ...plain }
    const person = people.find(each => each.login === of.key)
    const layer = departments.find(each => each.key === person?.department)
    const own = layer && {
      above: under(company, { off: layer.days_off, on: layer.workdays }, layer.hours),
      aboveName: t('calendar.of_department', { name: department(layer.key) }),
    }
    return { of, name: person?.name ?? of.key, ...(own ?? plain) }
  }
  const option = (kind: HoursOf['kind'], key: string, name: string) => ({
    value: `${kind}:${key}`,
    label: `${name} (${key})`,
  })
  const options = [
    {
      label: t('calendar.departments'),
      options: known.map(each => option('departments', each.code, words(each.name))),
    },
    {
      label: t('calendar.people'),
      options: people.map(each => option('people', each.login, each.name)),
    },
  ]
  return { layered, options }
}

function LayerCard({ layer, name, onEdit }: { layer: Layer; name: string; onEdit?: () => void }) {
  const { t } = useWords()
  return (
    <section className="block" data-testid={`calendar.layer:${layer.key}`}>
      <div className="beside">
        <h3 className="grow">{name}</h3>
        {onEdit && (
          <Button
            size="small"
            aria-label={t('calendar.edit_of', { name })}
            onClick={onEdit}
            data-testid={`calendar.layer.edit:${layer.key}`}
          >
            {t('action.edit')}
          </Button>
        )}
      </div>
      <Week week={layer.hours} id={layer.key} />
      {layer.days_off.length > 0 && (
        <p>{t('calendar.days_off', { days: layer.days_off.join(t('list.comma')) })}</p>
      )}
      {layer.workdays.length > 0 && (
        <p>{t('calendar.makeup', { days: layer.workdays.join(t('list.comma')) })}</p>
      )}
      {layer.leave.map(leave => (
        <p key={leave.id}>
          {t('calendar.leave')} <When at={leave.from} /> – <When at={leave.until} />
        </p>
      ))}
    </section>
  )
}

/** Who has other hours than the company, or is away; leave is recorded by everybody, hours by whoever keeps them. */
export function Layers({ calendars }: { calendars: Calendars }) {
  const { t } = useWords()
  const writes = useMay()('write_organisation')
  const { layered, options } = useLayered(calendars)
  const [editing, setEditing] = useState<HoursOf>()
  const [leaving, setLeaving] = useState(false)
  const rows = (['departments', 'people'] as const).flatMap(kind =>
    calendars[kind].map(layer => ({ layer, of: { kind, key: layer.key } })),
  )
  const choose = (value: string) => {
    const [kind, ...key] = value.split(':')
    setEditing({ kind: kind as HoursOf['kind'], key: key.join(':') })
  }
  return (
    <section className="card tab-body" data-testid="calendar.layers" data-count={rows.length}>
      <div className="beside wrap layers-head">
        <h2 className="grow">{t('calendar.layers')}</h2>
        {writes && (
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            aria-label={t('calendar.choose')}
            placeholder={t('calendar.choose')}
            value={null}
            options={options}
            onChange={choose}
            className="chooser"
            data-testid="calendar.choose"
          />
        )}
        <Button onClick={() => setLeaving(true)} data-testid="calendar.leave_new">
          {t('absence.leave_new')}
        </Button>
      </div>
      {rows.length === 0 && <p className="quiet">{t('calendar.no_layers')}</p>}
      {rows.map(({ layer, of }) => (
        <LayerCard
          key={`${of.kind}:${layer.key}`}
          layer={layer}
          name={layered(of).name}
          onEdit={writes ? () => setEditing(of) : undefined}
        />
      ))}
      {editing && <LayerDialog layered={layered(editing)} onClose={() => setEditing(undefined)} />}
      {leaving && <LeaveDialog onClose={() => setLeaving(false)} />}
    </section>
  )
}
