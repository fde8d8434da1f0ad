import { Link } from '@tanstack/react-router'
import { useWords } from '../i18n'
import { Empty } from '../ui/states'

export function NotFound() {
  const { t } = useWords()
  return (
    <Empty text={t('state.no_page')}>
      <Link to="/" data-testid="page.home">
        {t('nav.workbench')}
      </Link>
    </Empty>
  )
}
