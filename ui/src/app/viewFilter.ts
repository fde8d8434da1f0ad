/** The search parameters of a page as a view keeps them. */
export type Filter = Record<string, string>

/** What a page knows of a parameter. */
export interface Param {
  /** Where only some values mean something. */
  values?: readonly string[]
  /** What it is where nothing is said. */
  usual?: string
}
export type Params = Record<string, Param>

/** What of a search or a kept filter the page knows, and is not so anyway. */
export function filterOf(search: object, params: Params): Filter {
  const known = Object.entries(search).flatMap(([name, value]) => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined
    const text = value === undefined || value === null ? '' : String(value)
    const means = param && text !== '' && text !== param.usual && (param.values?.includes(text) ?? true)
    return means ? [[name, text] as const] : []
  })
  return Object.fromEntries(known)
}

export function sameFilter(one: Filter, other: Filter): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every(name => one[name] === other[name])
}

/** Whether a filter is more than one of the tabs that the page has anyway. */
export const isOwn = (filter: Filter, tab: string) => Object.keys(filter).some(name => name !== tab)
