import type { ChangePreview } from '../../../api/types'
import { useWords } from '../../../i18n'
import { Differences, useSaid } from '../../../ui/Differences'
import { Money } from '../../../ui/Money'

const percent = (part: string) => `${(Number(part) * 100).toFixed(1)} %`

/** What the change would come to, as the server says it. */
export function ChangeImpact({ preview }: { preview: ChangePreview }) {
  const { t, words } = useWords()
  const said = useSaid()
  const names = (steps: { node_name: ChangePreview['kept'][number]['node_name'] }[]) =>
    steps.map(step => words(step.node_name)).join(t('list.comma'))
  /** Who is asked, and what of the change they look at. */
  const asked = ({ node_id, node_name }: ChangePreview['asked'][number]) => {
    const because = preview.again.find(step => step.node_id === node_id)?.because ?? []
    // What is found wrong stands above.
    const found = preview.findings_new.map(finding => words(finding.message))
    const looked = [...new Set(because.map(said))].filter(name => !found.includes(name))
    const fields = looked.join(t('list.comma'))
    const step = words(node_name)
    return fields ? t('change.step_because', { step, fields }) : step
  }
  const moved = preview.stock.filter(
    line => line.promised_before && line.promised_after && line.promised_before !== line.promised_after,
  )
  const short = preview.stock.filter(line => !line.enough)
  return (
    <section className="card change-impact" data-testid="change.preview" data-at-once={preview.at_once}>
      <Differences of={preview.differences} />
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
      {preview.asked.length > 0 && (
        <p data-testid="change.preview.asked">
          {t('change.asked', { steps: preview.asked.map(asked).join(t('list.comma')) })}
        </p>
      )}
      {preview.kept.length > 0 && <p className="quiet">{t('change.kept', { steps: names(preview.kept) })}</p>}
      {preview.told.length > 0 && (
        <p className="quiet" data-testid="change.preview.told">
          {t('change.told', { people: preview.told.map(person => person.name).join(t('list.comma')) })}
        </p>
      )}
    </section>
  )
}
