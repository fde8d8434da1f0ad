import { Button, Drawer, Space } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { useProduct, useStockOf } from '../../api/supply'
import type { Stock } from '../../api/types'
import { useWords } from '../../i18n'
import { Quantity } from '../../ui/Money'
import { Empty, Failed, Loading } from '../../ui/states'
import { AtpOverTime } from './AtpOverTime'
import { Available, Counted, Rarely } from './Figures'
import { LateDialog } from './LateDialog'
import { LevelsDialog } from './LevelsDialog'
import { MoveDialog } from './MoveDialog'
import { MovementList } from './Movements'
import { Trial } from './Trial'

function Place({ row, unit, onSet }: { row: Stock; unit?: string; onSet?: () => void }) {
  const { t } = useWords()
  return (
    <tr data-testid={`product.place:${row.warehouse}`}>
      <td className="strong">{row.warehouse}</td>
      <td className="right" data-label={t('stock.on_hand')}>
        <Quantity value={row.on_hand} unit={unit} />
      </td>
      <td className="right" data-label={t('stock.frozen')}>
        <Rarely value={row.frozen} />
      </td>
      <td className="right" data-label={t('stock.safety')}>
        <Rarely value={row.safety} />
      </td>
      <td className="right" data-label={t('stock.soft')}>
        <Rarely value={row.reserved_soft} />
      </td>
      <td className="right" data-label={t('stock.hard')}>
        <Rarely value={row.reserved_hard} />
      </td>
      <td className="right" data-label={t('stock.available')}>
        <Available row={row} />
      </td>
      <td data-label={t('stock.as_of')}>
        <Counted row={row} />
      </td>
      <td>
        {onSet && (
          <Button size="small" onClick={onSet} data-testid={`product.levels:${row.warehouse}`}>
            {t('stock.set_levels')}
          </Button>
        )}
      </td>
    </tr>
  )
}

const columns = ['warehouse', 'on_hand', 'frozen', 'safety', 'soft', 'hard', 'available', 'as_of'] as const

function Places({ rows, unit, onSet }: { rows: Stock[]; unit?: string; onSet?: (row: Stock) => void }) {
  const { t } = useWords()
  return (
    <div className="table-wrap">
      <table className="table table-cards" data-testid="product.places" data-count={rows.length}>
        <thead>
          <tr>
            {columns.map((name, i) => (
              <th key={name} className={i > 0 && i < 7 ? 'right' : undefined}>
                {t(`stock.${name}`)}
              </th>
            ))}
            <th aria-label={t('stock.set_levels')} />
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <Place key={row.warehouse} row={row} unit={unit} onSet={onSet && (() => onSet(row))} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One product: what is where, what can be promised and when, and what happened to it. */
export function ProductDrawer({ code, onClose }: { code: string; onClose: () => void }) {
  const { t } = useWords()
  const may = useMay()
  const stock = useStockOf(code)
  const product = useProduct(code, may('read_master'))
  const [moving, setMoving] = useState(false)
  const [late, setLate] = useState(false)
  const [level, setLevel] = useState<Stock>()
  const keeps = may('feed_stock')
  const rows = stock.data ?? []
  return (
    <Drawer
      open
      size={1000}
      title={
        <span data-testid="product.title">
          {code} <span className="quiet">{product.data?.name}</span>
        </span>
      }
      onClose={onClose}
      extra={
        <Space>
          {may('write_orders') && (
            <Button onClick={() => setLate(true)} data-testid="product.late">
              {t('late.open')}
            </Button>
          )}
          {keeps && (
            <Button type="primary" onClick={() => setMoving(true)} data-testid="product.move">
              {t('stock.move')}
            </Button>
          )}
        </Space>
      }
    >
      <div data-testid="product.drawer" data-live="stock">
        {stock.isPending && <Loading rows={4} />}
        {stock.error && !stock.data && (
          <Failed id="product" error={stock.error} retry={() => stock.refetch()} />
        )}
        {stock.data?.length === 0 && <Empty id="product" text={t('stock.nowhere')} />}
        {rows.length > 0 && (
          <Places rows={rows} unit={product.data?.unit} onSet={keeps ? setLevel : undefined} />
        )}
        <AtpOverTime product={code} />
        <Trial product={code} />
        <section className="block">
          <h3>{t('stock.view.movements')}</h3>
          <MovementList product={code} />
        </section>
      </div>
      {moving && (
        <MoveDialog
          product={code}
          warehouses={rows.map(row => row.warehouse)}
          onClose={() => setMoving(false)}
        />
      )}
      {late && <LateDialog product={code} onClose={() => setLate(false)} />}
      {level && <LevelsDialog row={level} onClose={() => setLevel(undefined)} />}
    </Drawer>
  )
}
