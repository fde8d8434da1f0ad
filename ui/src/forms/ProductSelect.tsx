import { findProducts } from '../api/hooks'
import { useWords } from '../i18n'
import { CodeSelect, type Named } from './CodeSelect'

/** Chooses a product by code or name; `first` stands in the list before anything was typed. */
export function ProductSelect(props: {
  id: string
  label: string
  value: string
  invalid?: boolean
  disabled?: boolean
  first?: Named[]
  onChange: (code: string) => void
}) {
  const { t } = useWords()
  return <CodeSelect {...props} placeholder={t('form.find_product')} find={findProducts} />
}
