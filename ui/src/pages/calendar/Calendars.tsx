import { useCalendars, useMay } from '../../api/admin'
import { useMe } from '../../api/hooks'
import { useWords } from '../../i18n'
import { Failed, Loading } from '../../ui/states'
import { CompanyCard } from './CompanyCard'
import { DeadlineProbe } from './DeadlineProbe'
import { Layers } from './Layers'
import { SlaTable } from './SlaTable'

/** The clocks that deadlines are counted on. */
export default function Calendars() {
  const { t } = useWords()
  const { data: me } = useMe()
  const writes = useMay()('write_organisation')
  const { data, error, isPending, refetch } = useCalendars()
  return (
    <div className="page calendars" data-testid="calendars.page">
      <h1>{t('nav.calendars')}</h1>
      {me && !writes && (
        <p className="quiet" data-testid="calendars.read_only">
          {t('calendar.read_only')}
        </p>
      )}
      {isPending && <Loading rows={10} />}
      {error && !data && <Failed id="calendars" error={error} retry={() => refetch()} />}
      {data && (
        <>
          <SlaTable />
          <DeadlineProbe />
          <CompanyCard calendar={data.company} />
          <Layers calendars={data} />
        </>
      )}
    </div>
  )
}
