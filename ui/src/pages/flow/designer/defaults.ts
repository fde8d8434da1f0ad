import type { Text } from '../../../flow/doc'
import type { Defaults } from '../../../flow/kinds'
import { bothWords } from '../../../i18n'

/** What new steps and lanes begin with, in both languages. */
export const defaults: () => Defaults & { failed: Text } = () => ({
  sop: bothWords(t => t('design.default_sop')),
  lane: n => bothWords(t => t('design.default_lane', { n })),
  otherwise: bothWords(t => t('design.default_otherwise')),
  timeout: bothWords(t => t('design.default_timeout')),
  failed: bothWords(t => t('design.default_failed')),
})
