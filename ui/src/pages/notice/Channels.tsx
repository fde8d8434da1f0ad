import { Button, Select } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type Channel, type Tagged, useChannels, useConnectors, usePutChannels } from '../../api/settings'
import { Conflict, useConflict } from '../../forms/Conflict'
import { useWords } from '../../i18n'
import { Failed, Loading, Refusal } from '../../ui/states'

/** The program carries mail itself. */
const ways = ['sms', 'im'] as const

/** An operation of a connector as one value of a list. */
const keyOf = ({ connector, operation }: Omit<Channel, 'channel'>) => JSON.stringify([connector, operation])

/** The operations of all connectors that a message can be sent by. */
function useCarriers() {
  const { t, words } = useWords()
  const { data } = useConnectors()
  return data?.items.flatMap(({ key, name, operations, state }) =>
    Object.keys(operations).map(operation => ({
      value: keyOf({ connector: key, operation }),
      label: `${words(name) || key} · ${operation}${state === 'ready' ? '' : ` (${t(`channels.${state}`)})`}`,
    })),
  )
}

function Editor({ read }: { read: Tagged<{ items: Channel[] }> }) {
  const { t, code } = useWords()
  const readOnly = !useMay()('write_connectors')
  const write = usePutChannels()
  const carriers = useCarriers()
  const [items, setItems] = useState(read.body.items)
  const conflict = useConflict(read, write)
  const choose = (channel: string, value: string | undefined) => {
    const rest = items.filter(item => item.channel !== channel)
    if (!value) return setItems(rest)
    const [connector = '', operation = ''] = JSON.parse(value) as string[]
    setItems([...rest, { channel, connector, operation }])
  }
  const said = (all: Channel[], way: string) => {
    const chosen = all.find(item => item.channel === way)
    if (!chosen) return t('channels.nothing')
    return carriers?.find(each => each.value === keyOf(chosen))?.label ?? chosen.operation
  }
  const none = carriers?.length === 0 && items.length === 0
  return (
    <section className="card tab-body form" data-testid="channels.form">
      <h2>{t('channels.title')}</h2>
      <p className="quiet">{t('channels.note')}</p>
      {none ? (
        <p data-testid="channels.none">{t('channels.none')}</p>
      ) : (
        ways.map(way => {
          const chosen = items.find(item => item.channel === way)
          return (
            <label key={way} className="field">
              <span>{code('notice_channel', way)}</span>
              <Select
                allowClear
                aria-label={code('notice_channel', way)}
                placeholder={t('channels.nothing')}
                disabled={readOnly}
                value={chosen && keyOf(chosen)}
                options={carriers}
                onChange={value => choose(way, value)}
                data-testid={`channels.way:${way}`}
              />
            </label>
          )
        })
      )}
      {conflict.isStale ? (
        <Conflict
          id="channels"
          rows={ways.map(way => ({
            label: code('notice_channel', way),
            mine: said(items, way),
            theirs: said(read.body.items, way),
          }))}
          pending={write.isPending}
          onTheirs={() => {
            setItems(read.body.items)
            conflict.yield()
          }}
          onMine={() => conflict.insist({ items })}
        />
      ) : (
        <Refusal id="channels" error={write.error} />
      )}
      {!readOnly && !none && !conflict.isStale && (
        <Button
          type="primary"
          loading={write.isPending}
          onClick={() => conflict.send({ items })}
          data-testid="channels.save"
        >
          {t('action.save')}
        </Button>
      )}
      {write.isSuccess && (
        <p role="status" data-testid="channels.saved">
          {t('organisation.saved')}
        </p>
      )}
    </section>
  )
}

/** By which other system messages leave that are no mails. */
export function Channels() {
  const { data, error, isPending, refetch } = useChannels()
  if (isPending) return <Loading rows={3} />
  if (!data) return <Failed id="channels" error={error} retry={() => refetch()} />
  return <Editor read={data} />
}
