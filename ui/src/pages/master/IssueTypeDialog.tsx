import { Button, Select } from 'antd'
import { useState } from 'react'
import { useColleagues } from '../../api/acts'
import { useDepartments } from '../../api/admin'
import { type IssueType, type Tagged, usePutIssueTypes, useRoles } from '../../api/settings'
import { Conflict, useItemConflict, withItem, without } from '../../forms/Conflict'
import { complete, differing, type FieldSpec, Fields, pathOf, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { useWords } from '../../i18n'
import { OCCASIONS } from '../../ui/codes'
import { hoursOf, minutesOf } from '../../ui/time'

type Handler = IssueType['handler']

/** A department, role or person as one value of a list: `department:finance`. */
const partyOf = (handler: Handler) => {
  const [kind, key] = Object.entries(handler).find(([, key]) => key) ?? []
  return kind ? `${kind}:${key}` : ''
}
const kindOf = (party: string) => party.slice(0, party.indexOf(':'))
/** One of the three is sent; the server takes an empty one for a second. */
const handlerOf = (party: string) =>
  ({ [kindOf(party)]: party.slice(party.indexOf(':') + 1) }) as unknown as Handler

const typed = (type: IssueType | undefined): Values => ({
  code: type?.code ?? '',
  zh: type?.name.zh ?? '',
  en: type?.name.en ?? '',
  handler: type ? partyOf(type.handler) : '',
  answer: hoursOf(type?.answer_minutes),
  guidance_zh: type?.guidance.zh ?? '',
  guidance_en: type?.guidance.en ?? '',
})

/** Who may handle a problem first, with what each is. */
function useParties() {
  const { t, code, words } = useWords()
  const departments = useDepartments()
  const roles = useRoles()
  const people = useColleagues()
  const option = (kind: string, key: string, name: string) => ({
    value: `${kind}:${key}`,
    label: t(`issues.by_${kind}`, { name }),
  })
  return [
    ...(departments.data ?? []).map(each => option('department', each.code, words(each.name))),
    ...(roles.data?.body.items ?? []).map(each =>
      option('role', each.role, words(each.name) || code('role', each.role)),
    ),
    ...(people.data ?? []).map(each => option('user', each.login, each.name)),
  ]
}

/** One type of the list, which is put as a whole. */
export function IssueTypeDialog({
  read,
  type,
  onClose,
}: {
  read: Tagged<{ items: IssueType[] }>
  type?: IssueType
  onClose: () => void
}) {
  const { t, code } = useWords()
  const write = usePutIssueTypes()
  const conflict = useItemConflict(read, write, onClose)
  const [values, setValues] = useState(() => typed(type))
  const [applies, setApplies] = useState(type?.applies_to ?? [])
  const [removing, setRemoving] = useState(false)
  const party = values.handler ?? ''
  const specs: FieldSpec[] = [
    { name: 'code', label: t('issues.code'), required: true, fixed: Boolean(type) },
    {
      name: 'handler',
      path: party ? `handler.${kindOf(party)}` : 'handler',
      label: t('issues.handler'),
      kind: 'choice',
      searched: true,
      required: true,
      options: useParties(),
    },
    { name: 'zh', path: 'name.zh', label: t('issues.zh'), required: true },
    { name: 'en', path: 'name.en', label: t('issues.en') },
    {
      name: 'answer',
      path: 'answer_minutes',
      label: t('issues.answer_hours'),
      kind: 'number',
      min: 0.02,
      max: 480,
      required: true,
    },
    { name: 'guidance_zh', path: 'guidance.zh', label: t('issues.guidance_zh'), kind: 'area' },
    { name: 'guidance_en', path: 'guidance.en', label: t('issues.guidance_en'), kind: 'area' },
  ]
  const save = (remove: boolean) => {
    setRemoving(remove)
    const text = (name: string) => values[name]?.trim() ?? ''
    const next: IssueType = {
      code: text('code'),
      name: { zh: text('zh'), en: text('en') || text('zh') },
      handler: handlerOf(party),
      answer_minutes: minutesOf(values.answer),
      guidance: { zh: text('guidance_zh'), en: text('guidance_en') || text('guidance_zh') },
      applies_to: applies,
    }
    const isNew = !type && !conflict.isStale
    conflict.put(items => (remove ? without(items, next.code) : withItem(items, next, isNew)))
  }
  const occasion = (value: string) =>
    code(value.startsWith('question') ? 'template' : 'exception_kind', value)
  const theirs = read.body.items.find(each => each.code === values.code)
  const occasions = (all: string[] | undefined) => all?.map(occasion).join(t('list.comma')) || '–'
  const rows = () => [
    ...differing(specs, removing ? undefined : values, theirs && typed(theirs)),
    {
      label: t('issues.applies_to'),
      mine: occasions(removing ? undefined : applies),
      theirs: occasions(theirs?.applies_to),
    },
  ]
  const takeTheirs = () => {
    conflict.yield()
    if (!theirs) return onClose()
    setValues(typed(theirs))
    setApplies(theirs.applies_to)
  }
  return (
    <FormDialog
      id="issue"
      title={t(type ? 'issues.edit' : 'issues.new')}
      okText={t('action.save')}
      ready={complete(specs, values) && !conflict.isStale}
      write={conflict.isStale ? { ...write, error: null } : write}
      shown={specs.map(pathOf)}
      onSend={() => save(false)}
      onClose={onClose}
    >
      <Fields id="issue" specs={specs} values={values} onChange={setValues} />
      <label className="field">
        <span>{t('issues.applies_to')}</span>
        <Select
          mode="multiple"
          aria-label={t('issues.applies_to')}
          placeholder={t('issues.applies_none')}
          showSearch={{ optionFilterProp: 'label' }}
          value={applies}
          onChange={setApplies}
          options={OCCASIONS.map(value => ({ value, label: occasion(value) }))}
          data-testid="issue.applies_to"
        />
      </label>
      {type && !conflict.isStale && (
        <div>
          <Button danger loading={write.isPending} onClick={() => save(true)} data-testid="issue.remove">
            {t('issues.remove')}
          </Button>
        </div>
      )}
      {conflict.isStale && (
        <Conflict
          id="issue"
          rows={rows()}
          pending={write.isPending}
          onTheirs={takeTheirs}
          onMine={() => save(removing)}
        />
      )}
    </FormDialog>
  )
}
