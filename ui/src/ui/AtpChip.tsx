import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  ExclamationCircleOutlined,
  QuestionCircleOutlined,
} from '@ant-design/icons'
import { Popover } from 'antd'
import type { Atp, Replacement } from '../api/types'
import { useWords } from '../i18n'
import { type Part, PartsOffer, useParts, usePartsWords } from './AtpParts'
import { groupDigits } from './money'
import { type AskedGoods, Substitutes } from './Substitutes'

/** What can be promised: from where, by when, or how much is missing. */
export function AtpChip({
  atp,
  available,
  id,
  asked,
  onReplace,
  onSplit,
}: {
  atp: Atp | null
  available: string | null
  id: string
  /** What the line asks for, so that it can be said what helps where it is short. */
  asked?: AskedGoods
  onReplace?: (found: Replacement) => void
  onSplit?: (parts: Part[]) => void
}) {
  const { t } = useWords()
  const parts = useParts(asked, atp, available)
  const inParts = usePartsWords(parts)
  if (!atp || atp.state === 'none')
    return (
      <span className="tag tag-grey">
        <QuestionCircleOutlined aria-hidden /> {t('atp.none')}
      </span>
    )
  const backed = atp.state === 'backed'
  const taken = atp.from.reduce((sum, part) => sum + Number(part.quantity), 0)
  const words =
    inParts ||
    (!backed
      ? t('atp.short', { quantity: groupDigits(atp.short) })
      : atp.date && Number(available ?? 0) < taken
        ? t('atp.dated', { quantity: groupDigits(String(taken)), date: atp.date.slice(5) })
        : t('atp.stock', { quantity: groupDigits(available ?? String(taken)) }))
  const tone = inParts ? 'amber' : backed ? 'green' : 'red'
  const Icon = { green: CheckCircleOutlined, amber: ClockCircleOutlined, red: ExclamationCircleOutlined }[
    tone
  ]
  return (
    <Popover
      trigger="click"
      title={t('atp.title')}
      content={
        <>
          <dl className="facts">
            {atp.from.map(part => (
              <div key={`${part.number}${part.warehouse}`}>
                <dt>{part.number ? `${part.number} · ${part.date?.slice(5)}` : part.warehouse}</dt>
                <dd className="num">{groupDigits(part.quantity)}</dd>
              </div>
            ))}
            {available && (
              <div>
                <dt>{t('atp.available')}</dt>
                <dd className="num">{groupDigits(available)}</dd>
              </div>
            )}
            {!backed && (
              <div>
                <dt>{t('atp.shortage')}</dt>
                <dd className="num ink-red">{groupDigits(atp.short)}</dd>
              </div>
            )}
            {atp.date && (
              <div>
                <dt>{t('atp.date')}</dt>
                <dd className="num">{atp.date}</dd>
              </div>
            )}
          </dl>
          {onSplit && <PartsOffer parts={parts} onSplit={onSplit} />}
          {!backed && asked && <Substitutes asked={asked} onReplace={onReplace} />}
        </>
      }
    >
      <button
        type="button"
        tabIndex={-1}
        className={`tag tag-${tone} chip`}
        data-testid={id}
        data-state={atp.state}
        data-tone={tone}
      >
        <Icon aria-hidden /> {words}
      </button>
    </Popover>
  )
}
