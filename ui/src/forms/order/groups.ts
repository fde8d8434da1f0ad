import type { FormField } from '../../api/settings'

/** Whether somebody with these roles sees the field in orders that others have taken in. */
export const sees = (field: FormField, roles: string[]) =>
  !field.visible_to.length || field.visible_to.some(role => roles.includes(role))

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
