import { useWords } from '../../i18n'
import { percentOf } from './period'

/** Fewer than so many say nothing. */
const FEW = 5

/** A part of a whole; greyed, and with how few there are, where they are too few to mean anything. */
export function Rate({ part, whole }: { part: number; whole: number }) {
  const { t } = useWords()
  if (whole >= FEW) return <>{percentOf(part, whole)}</>
  return (
    <span className="quiet" data-few={whole}>
      {whole > 0 && `${percentOf(part, whole)} `}
      {t('report.few', { count: whole })}
    </span>
  )
}
