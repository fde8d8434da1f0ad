import { useState } from 'react'
import { usePutCustomer } from '../../api/master'
import type { Customer } from '../../api/types'
import { complete, type FieldSpec, Fields, pathOf, type Values } from '../../forms/Fields'
import { FormDialog } from '../../forms/FormDialog'
import { changed, given } from '../../forms/faults'
import { allComplete, Items, itemsOf, pathsOf, valuesOf } from '../../forms/Items'
import { useWords } from '../../i18n'
import { INVOICE_KINDS, PAYMENT_METHODS } from '../../ui/codes'

const HEAD = ['code', 'name', 'level', 'currency', 'payment_terms', 'payment_method', 'owner'] as const
const CREDIT = ['credit_limit'] as const
/** The server shows these at the credit, not at the customer: they are written, but not read here. */
const LIMITS = ['credit_limit_until', 'temporary_limit', 'temporary_limit_until'] as const
const INVOICE = ['title', 'tax_no', 'kind', 'bank_name', 'bank_account'] as const

function useHeadFields(known: boolean): FieldSpec[] {
  const { t, code } = useWords()
  return [
    ...HEAD.map((name): FieldSpec => {
      const label = t(`customer.${name}`)
      if (name === 'payment_method') {
        const options = PAYMENT_METHODS.map(value => ({ value, label: code('payment_method', value) }))
        return { name, label, kind: 'choice', options }
      }
      return { name, label, required: name === 'code' || name === 'name', fixed: name === 'code' && known }
    }),
    { name: 'credit_limit', label: t('customer.credit_limit'), kind: 'decimal' },
    ...LIMITS.map(
      (name): FieldSpec => ({
        name,
        label: t(`customer.${name}`),
        kind: name === 'temporary_limit' ? 'decimal' : 'date',
      }),
    ),
  ]
}

function useInvoiceFields(): FieldSpec[] {
  const { t, code } = useWords()
  const options = INVOICE_KINDS.map(value => ({ value, label: code('invoice.kind', value) }))
  return INVOICE.map(name => ({
    name,
    path: `invoice.${name}`,
    label: t(`field.invoice.${name}`),
    ...(name === 'kind' && { kind: 'choice' as const, options }),
  }))
}

const textOf = (record: object, names: readonly string[]): Values =>
  Object.fromEntries(names.map(name => [name, String((record as Record<string, unknown>)[name] ?? '')]))

/** All that is kept of a customer. A known one sends what was changed; its lists are sent as a whole. */
export function CustomerDialog({ customer, onClose }: { customer?: Customer; onClose: () => void }) {
  const { t } = useWords()
  const write = usePutCustomer()
  const before = textOf(customer ?? {}, [...HEAD, ...CREDIT])
  const billed = textOf(customer?.invoice ?? {}, INVOICE)
  const [head, setHead] = useState(before)
  const [invoice, setInvoice] = useState(billed)
  const [places, setPlaces] = useState(() => itemsOf(customer?.ship_to ?? []))
  const [contacts, setContacts] = useState(() => itemsOf(customer?.contacts ?? []))
  const headFields = useHeadFields(Boolean(customer))
  const invoiceFields = useInvoiceFields()
  const placeFields: FieldSpec[] = [
    { name: 'name', label: t('field.ship_to.name') },
    { name: 'phone', label: t('field.ship_to.phone') },
    { name: 'address', label: t('field.ship_to.address'), required: true },
  ]
  const contactFields: FieldSpec[] = [
    { name: 'name', label: t('customer.contact_name'), required: true },
    { name: 'email', label: t('customer.email') },
    { name: 'phone', label: t('customer.phone') },
  ]
  const send = () => {
    const pick = (from: Values, now: Values) => (customer ? changed(from, now) : given(now))
    const bill = pick(billed, invoice)
    const body = {
      ...pick(before, head),
      code: head.code ?? '',
      ...(Object.keys(bill).length > 0 && { invoice: { ...given(invoice), ...bill } }),
      ship_to: valuesOf(places).map(given),
      contacts: valuesOf(contacts).map(given) as unknown as Customer['contacts'],
    }
    write.mutate(body, { onSuccess: onClose })
  }
  return (
    <FormDialog
      id="customer"
      title={t(customer ? 'customer.edit' : 'customer.new')}
      okText={t('action.save')}
      wide
      ready={
        complete(headFields, head) && allComplete(places, placeFields) && allComplete(contacts, contactFields)
      }
      write={write}
      shown={[
        ...[...headFields, ...invoiceFields].map(pathOf),
        ...pathsOf('ship_to', places, placeFields),
        ...pathsOf('contacts', contacts, contactFields),
      ]}
      onSend={send}
      onClose={onClose}
    >
      <Fields id="customer" specs={headFields} values={head} onChange={setHead} />
      <fieldset className="items">
        <legend>{t('customer.invoice')}</legend>
        <Fields id="customer.invoice" specs={invoiceFields} values={invoice} onChange={setInvoice} />
      </fieldset>
      <Items
        id="customer"
        title={t('customer.ship_to')}
        name="ship_to"
        items={places}
        fields={placeFields}
        onChange={setPlaces}
      />
      <Items
        id="customer"
        title={t('customer.contacts')}
        name="contacts"
        items={contacts}
        fields={contactFields}
        onChange={setContacts}
      />
    </FormDialog>
  )
}
