import { useOrderForm } from '../api/settings'
import type { Words } from '../api/types'
import { useWords } from '../i18n'
import { customOf, type Difference, NOTHING, shown, spread } from './difference'

/** What fields of orders are called, those that the company has added too: the server does not know their names here. */
function useFieldNames() {
  const { t, words, code } = useWords()
  const { data } = useOrderForm()
  return ({ path, label }: Pick<Difference, 'path' | 'label'>) => {
    const custom = customOf(path)
    if (!custom) return label ? words(label) : code('field', path)
    const ofLine = custom.line !== undefined
    const known = data?.body.items.find(each => each.field === custom.field && each.line === ofLine)
    const column = words(known?.name) || custom.field
    return ofLine ? t('entry.cell', { row: custom.line, column }) : column
  }
}

const CUSTOM_IN_WORDS = /extra\.(\w+)/g

/** The name of a field as the server says it, the fields of the company by their names. */
export function useSaid() {
  const { words } = useWords()
  const { data } = useOrderForm()
  const nameOf = (field: string) => words(data?.body.items.find(each => each.field === field)?.name) || field
  return (name: Words) => words(name).replace(CUSTOM_IN_WORDS, (_, field: string) => nameOf(field))
}

/** What of an order is not as it was, each field in words. */
export function Differences({ of }: { of: Difference[] }) {
  const { t, code } = useWords()
  const nameOf = useFieldNames()
  const all = spread(of)
  return (
    <ul className="changes" data-count={all.length}>
      {all.map((difference, i) => {
        const { path, before, after } = difference
        const was = shown(before, path, t, code)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a path may come twice, of a line that goes and one that comes
          <li key={`${path} ${i}`} className="change">
            <span className="quiet">{nameOf(difference)}</span>{' '}
            {was === NOTHING ? <span className="quiet">{was}</span> : <del>{was}</del>} →{' '}
            <ins>{shown(after, path, t, code)}</ins>
          </li>
        )
      })}
    </ul>
  )
}
