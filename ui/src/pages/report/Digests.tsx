import { MailOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useMay } from '../../api/admin'
import { type Digest, type Tagged, useDigests, usePutDigests } from '../../api/settings'
import type { FieldSpec, Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { allComplete, type Item, Items, itemsOf, pathsOf, valuesOf } from '../../forms/Items'
import { useWords } from '../../i18n'

const every = ['day', 'week', 'month'] as const
const boards = ['all', 'overview', 'lost', 'speed'] as const
const languages = ['zh-CN', 'en'] as const

/** Addresses as people type them: with any mark between them. */
const addresses = (text: string | undefined) => (text ?? '').split(/[\s,;，；、]+/).filter(Boolean)
const typed = (digest: Digest): Values => ({ ...digest, to: digest.to.join(', ') })
const digestOf = (values: Values): Digest => ({
  code: values.code?.trim() ?? '',
  every: values.every ?? '',
  board: values.board ?? '',
  to: addresses(values.to),
  lang: values.lang ?? '',
})

function DigestDialog({ read, onClose }: { read: Tagged<{ items: Digest[] }>; onClose: () => void }) {
  const { t } = useWords()
  const { message } = App.useApp()
  const write = usePutDigests()
  const [items, setItems] = useState<Item[]>(() => itemsOf(read.body.items.map(typed)))
  const choice = (name: string, values: readonly string[]): FieldSpec => ({
    name,
    label: t(`digest.${name}`),
    kind: 'choice',
    required: true,
    options: values.map(value => ({
      value,
      label: t(name === 'lang' ? `notice.lang.${value}` : `digest.${name}.${value}`),
    })),
  })
  const fields: FieldSpec[] = [
    { name: 'code', label: t('digest.code'), required: true },
    choice('every', every),
    choice('board', boards),
    choice('lang', languages),
    { name: 'to', label: t('digest.to'), required: true, placeholder: 'boss@example.com, cfo@example.com' },
  ]
  const done = () => {
    message.success(t('digest.saved'))
    onClose()
  }
  return (
    <FormDialog
      id="digest"
      title={t('digest.title')}
      okText={t('action.save')}
      wide
      ready={allComplete(items, fields)}
      write={write}
      shown={pathsOf('items', items, fields)}
      onSend={() =>
        write.mutate({ tag: read.tag, body: { items: valuesOf(items).map(digestOf) } }, { onSuccess: done })
      }
      onClose={onClose}
    >
      <p className="quiet">{t('digest.note')}</p>
      <Items
        id="digest"
        title={t('digest.who')}
        name="items"
        items={items}
        fields={fields}
        onChange={setItems}
      />
    </FormDialog>
  )
}

/** To whom figures are mailed by themselves, and how often. */
export function Digests() {
  const { t } = useWords()
  const may = useMay()('write_organisation')
  const { data } = useDigests()
  const [open, setOpen] = useState(false)
  if (!data || (!may && data.body.items.length === 0)) return null
  return (
    <>
      <Button
        icon={<MailOutlined aria-hidden />}
        disabled={!may}
        onClick={() => setOpen(true)}
        data-testid="digest.open"
        data-count={data.body.items.length}
      >
        {t('digest.count', { count: data.body.items.length })}
      </Button>
      {open && <DigestDialog read={data} onClose={() => setOpen(false)} />}
    </>
  )
}
