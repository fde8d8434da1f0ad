import type { Customer } from '../../api/types'

/** What every order of the customer will be asked for as long as it is not known. */
export function missingOf({ ship_to, invoice, payment_terms, contacts }: Customer): string[] {
  const known: [name: string, there: boolean][] = [
    ['ship_to', ship_to.some(place => place.address)],
    ['invoice', Boolean(invoice.kind === 'none' || (invoice.title && invoice.kind))],
    ['payment_terms', Boolean(payment_terms)],
    ['contacts', contacts.some(contact => contact.email || contact.phone)],
  ]
  return known.filter(([, there]) => !there).map(([name]) => name)
}
