import { fileUrl } from '../../../api/files'
import { usePast } from '../../../api/past'
import type { Attachment, Order } from '../../../api/types'
import { AttachButton } from '../../../forms/AttachButton'
import { useWords } from '../../../i18n'
import { actionOf } from '../../../ui/ActionButton'
import { Empty } from '../../../ui/states'
import { When } from '../../../ui/Time'

const sized = (bytes: number) =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`

function Row({ order, file }: { order: Order; file: Attachment }) {
  const { t } = useWords()
  return (
    <li data-testid={`order.file:${file.name}`}>
      <p>
        <a href={fileUrl(order.id, file.id)} download={file.name} className="strong">
          {file.name}
        </a>{' '}
        <span className="quiet">{sized(file.size)}</span>{' '}
        {file.signs && <span>{t('file.signs', { revision: file.signs.revision })}</span>}
      </p>
      <p className="quiet">
        {file.by.name} · <When at={file.at} /> · SHA-256{' '}
        <code title={file.sha256}>{file.sha256.slice(0, 12)}…</code>
      </p>
    </li>
  )
}

/** Files of the order and of the work on it, and the signatures under decisions; each is fetched to be saved. */
export function Files({ order }: { order: Order }) {
  const { t } = useWords()
  const past = usePast()
  const may = Boolean(actionOf(order.actions, 'attach')?.allowed)
  return (
    <>
      {past === undefined && (
        <AttachButton id="order.files" order={order.id} about={{ about: 'order' }} disabled={!may} />
      )}
      {order.attachments.length === 0 && <Empty id="order.files" text={t('file.none')} />}
      <ul
        className="comments"
        data-testid="order.files"
        data-count={order.attachments.length}
        data-live="order"
      >
        {order.attachments.map(file => (
          <Row key={file.id} order={order} file={file} />
        ))}
      </ul>
    </>
  )
}
