import type { FormField } from '../../api/settings'

/** The fields under their headings, in the order in which each heading comes first. */
export function groupsOf(fields: FormField[]) {
  const groups: { name: FormField['group']; fields: FormField[] }[] = []
  for (const field of fields) {
    const own = groups.find(({ name }) => name.zh === field.group.zh && name.en === field.group.en)
    if (own) own.fields.push(field)
    else groups.push({ name: field.group, fields: [field] })
  }
  return groups
}
