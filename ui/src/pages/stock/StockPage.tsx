import { useNavigate, useSearch } from '@tanstack/react-router'
import { type StockView, stockViews } from '../../app/places'
import { useWords } from '../../i18n'
import { TabBar } from '../../ui/TabBar'
import { Boms } from './Boms'
import { Levels } from './Levels'
import { Movements } from './Movements'
import { Preparation } from './Preparation'
import { ProductDrawer } from './ProductDrawer'
import { Purchases } from './Purchases'
import { Rules } from './Rules'
import { WorkOrders } from './WorkOrders'

export interface StockSearch {
  view: StockView
  q?: string
  state?: string
  product?: string
}

const bodies = {
  levels: Levels,
  preparation: Preparation,
  movements: Movements,
  purchases: Purchases,
  work: WorkOrders,
  boms: Boms,
  rules: Rules,
}

/** Goods: what is there and can be promised, what came and went, what is bought and made, what things are made of. */
export default function StockPage() {
  const { t } = useWords()
  const navigate = useNavigate()
  const search = useSearch({ from: '/stock' })
  const change = (next: Partial<StockSearch>) =>
    navigate({ from: '/stock', to: '/stock', search: old => ({ ...old, ...next }) })
  const Body = bodies[search.view]
  return (
    <div className="page stock" data-testid="stock.page">
      <h1>{t('nav.stock')}</h1>
      <TabBar
        id="stock.view"
        label={t('nav.stock')}
        value={search.view}
        options={stockViews.map(key => ({ key, text: t(`stock.view.${key}`) }))}
        onChange={view => navigate({ to: '/stock', search: { view } })}
      />
      <Body search={search} onChange={change} />
      {search.product && (
        <ProductDrawer
          key={search.product}
          code={search.product}
          onClose={() => change({ product: undefined })}
        />
      )}
    </div>
  )
}

export interface ViewProps {
  search: StockSearch
  onChange: (next: Partial<StockSearch>) => void
}
