import { Button } from 'antd'
import { useAtp } from '../api/supply'
import type { Replacement } from '../api/types'
import { useWords } from '../i18n'

/** What a line asks for. */
export interface AskedGoods {
  product: string
  quantity: string
  unit?: string
  date?: string
}

/** What could be sold in place of goods that are short; whoever edits the line takes one with a click. */
export function Substitutes({
  asked,
  onReplace,
}: {
  asked: AskedGoods
  onReplace?: (found: Replacement) => void
}) {
  const { t, words } = useWords()
  const { data } = useAtp(asked, true)
  const found = data?.substitutes ?? []
  if (!found.length) return null
  return (
    <ul className="rows" data-testid="atp.substitutes" data-count={found.length}>
      {found.map(each => (
        <li key={each.product}>
          {words(each.message)}{' '}
          {onReplace && (
            <Button
              size="small"
              type={each.enough ? 'primary' : 'default'}
              onClick={() => onReplace(each)}
              data-testid={`atp.replace:${each.product}`}
            >
              {t('atp.replace')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
