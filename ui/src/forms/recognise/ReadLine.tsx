import { CheckCircleOutlined, EyeOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Checkbox } from 'antd'
import { useWords } from '../../i18n'
import { ProductSelect } from '../ProductSelect'
import { type Certainty, type Chosen, certaintyOf, whyOf } from './choice'
import type { RecognisedLine } from './recognise'

const icons = {
  sure: <CheckCircleOutlined aria-hidden />,
  look: <EyeOutlined aria-hidden />,
  choose: <QuestionCircleOutlined aria-hidden />,
}
const tones: Record<Certainty, string> = { sure: 'green', look: 'amber', choose: 'red' }

/** A line as it was understood: from which words, how surely, and what is still to be chosen. */
export function ReadLine({
  line,
  index,
  chosen,
  ticked,
  onChoose,
  onTick,
}: {
  line: RecognisedLine
  index: number
  chosen: Chosen | null
  ticked: boolean
  onChoose: (code: string) => void
  onTick: (ticked: boolean) => void
}) {
  const { t } = useWords()
  const certainty = certaintyOf(line, chosen)
  const facts = [
    line.quantity && t('recognise.quantity', { quantity: line.quantity.value, unit: line.unit?.value ?? '' }),
    line.unit_price && t('recognise.price', { price: line.unit_price.value }),
    line.requested_date && t('recognise.day', { day: line.requested_date.value }),
  ].filter(Boolean)
  return (
    <li className="read-row" data-testid={`recognise.line:${index}`} data-certainty={certainty}>
      <Checkbox
        checked={ticked}
        disabled={certainty === 'choose'}
        aria-label={t('recognise.tick', { row: index + 1 })}
        onChange={event => onTick(event.target.checked)}
        data-testid={`recognise.tick:${index}`}
      />
      <span className="num quiet">{index + 1}</span>
      <span className="read-words">
        {line.words ? t('recognise.words', { words: line.words }) : t('recognise.no_words')}
      </span>
      <ProductSelect
        id={`recognise.product:${index}`}
        label={t('recognise.product', { row: index + 1 })}
        value={chosen?.code ?? ''}
        first={line.goods}
        invalid={!chosen}
        onChange={onChoose}
      />
      <span className="num">{facts.join(t('list.comma')) || t('recognise.no_quantity')}</span>
      <span className={`tag tag-${tones[certainty]}`}>
        {icons[certainty]} {t(`recognise.why.${whyOf(line, chosen)}`)}
        {line.bare && t('recognise.bare')}
      </span>
    </li>
  )
}
