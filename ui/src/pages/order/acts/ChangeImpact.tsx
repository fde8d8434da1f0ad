import type { ChangePreview } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Money } from '../../../ui/Money'
import { shown } from '../TimelineList'

const percent = (part: string) => `${(Number(part) * 100).toFixed(1)} %`

/** What the change would come to, as the server says it. */
export function ChangeImpact({ preview }: { preview: ChangePreview }) {
  const { t, words } = useWords()
  const names = (steps: { node_name: ChangePreview['kept'][number]['node_name'] }[]) =>
    steps.map(step => words(step.node_name)).join(t('list.comma'))
  const moved = preview.stock.filter(
    line => line.promised_before && line.promised_after && line.promised_before !== line.promised_after,
  )
  const short = preview.stock.filter(line => !line.enough)
  return (
    <section className="card change-impact" data-testid="change.preview" data-at-once={preview.at_once}>
      <ul className="changes" data-count={preview.differences.length}>
        {preview.differences.map(difference => (
          <li key={`${difference.line_id} ${difference.path}`} className="change">
            <span className="quiet">{words(difference.label)}</span> <del>{shown(difference.before)}</del> →{' '}
            <ins>{shown(difference.after)}</ins>
          </li>
        ))}
      </ul>
      {preview.totals_before && preview.totals_after && (
        <p>
          {t('change.total')}{' '}
          <Money value={preview.totals_before.gross} currency={preview.totals_before.currency} /> →{' '}
          <Money value={preview.totals_after.gross} currency={preview.totals_after.currency} strong />
        </p>
      )}
      {preview.margin_before && preview.margin_after && (
        <p data-testid="change.margin">
          {t('change.margin')} {percent(preview.margin_before)} →{' '}
          <strong>{percent(preview.margin_after)}</strong>
        </p>
      )}
      {moved.map(line => (
        <p key={line.line_id} data-testid={`change.day:${line.line_id}`}>
          {t('change.day', { product: line.product })} {line.promised_before} →{' '}
          <strong>{line.promised_after}</strong>
        </p>
      ))}
      {short.length > 0 && (
        <p className="warn">
          {t('change.short', { products: short.map(line => line.product).join(t('list.comma')) })}
        </p>
      )}
      {preview.credit && !preview.credit.enough && (
        <p className="warn">
          {t('change.credit_over', { exposure: preview.credit.exposure, limit: preview.credit.limit })}
        </p>
      )}
      {preview.findings_new.map(finding => (
        <p key={finding.id} className="warn">
          {words(finding.message)}
        </p>
      ))}
      {preview.at_once && <p>{t('change.at_once')}</p>}
      {preview.asked.length > 0 && <p>{t('change.asked', { steps: names(preview.asked) })}</p>}
      {preview.kept.length > 0 && <p className="quiet">{t('change.kept', { steps: names(preview.kept) })}</p>}
      {preview.told.length > 0 && (
        <p className="quiet" data-testid="change.preview.told">
          {t('change.told', { people: preview.told.map(person => person.name).join(t('list.comma')) })}
        </p>
      )}
    </section>
  )
}
