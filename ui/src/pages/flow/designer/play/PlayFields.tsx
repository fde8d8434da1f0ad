import type { Play } from '../../../../api/flows'
import { useWords } from '../../../../i18n'

const ACCESS = ['edit', 'mask', 'hide', 'read'] as const
const TONES = { edit: 'green', mask: 'amber', hide: 'red', read: 'grey' } as const

/** What somebody sees of the order in their task, and what of it they write; what they write and do not see comes first. */
export function PlayFields({ fields, name }: { fields: Play['fields']; name: string }) {
  const { t, words } = useWords()
  const of = (access: string) => fields.filter(field => field.access === access)
  return (
    <details className="play-fields" data-testid="design.play.fields">
      <summary>
        {t('design.play.fields', { name })}{' '}
        {ACCESS.map(access => (
          <span key={access} className={`tag tag-${TONES[access]}`}>
            {t(`design.play.access.${access}`)} {of(access).length}
          </span>
        ))}
      </summary>
      <ul>
        {ACCESS.flatMap(of).map(field => (
          <li key={field.path} data-testid={`design.play.field:${field.path}`} data-access={field.access}>
            <span className={`tag tag-${TONES[field.access as keyof typeof TONES]}`}>
              {t(`design.play.access.${field.access}`)}
            </span>{' '}
            {words(field.label)}
            {field.required && ` · ${t('design.play.required')}`}
            {field.value && <span className="quiet"> · {field.value}</span>}
          </li>
        ))}
      </ul>
    </details>
  )
}
