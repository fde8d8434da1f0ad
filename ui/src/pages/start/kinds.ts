/** The four sheets of the first set-up: their columns, and the records they become. */
import type { Load, SheetKind } from '../../api/start'
import words from '../../forms/sheet/columns.json'
import type { SheetColumn, SheetRecord } from '../../forms/sheet/sheet'

interface Kind {
  required: string[]
  key: string[]
  kinds: Record<string, SheetColumn['kind']>
}
const kinds: Record<SheetKind, Kind> = {
  people: {
    required: ['login', 'name', 'roles'],
    key: ['login'],
    kinds: { department: 'one', roles: 'several' },
  },
  customers: { required: ['code', 'name'], key: ['code'], kinds: { credit_limit: 'number' } },
  products: {
    required: ['code', 'name', 'unit'],
    key: ['code'],
    kinds: { list_price: 'number', tax_rate: 'rate' },
  },
  stock: {
    required: ['product', 'warehouse', 'on_hand'],
    key: ['product', 'warehouse'],
    kinds: { on_hand: 'number' },
  },
}
export const keyOf = (kind: SheetKind) => kinds[kind].key

/** `choices` are what people write for roles and departments. */
export function columnsOf(kind: SheetKind, choices: Record<string, SheetColumn['choices']>): SheetColumn[] {
  const { required, kinds: types } = kinds[kind]
  return Object.entries(words[kind]).map(([name, names]) => ({
    name,
    words: names,
    required: required.includes(name),
    kind: types[name] ?? 'text',
    choices: choices[name],
  }))
}

const filled = <T extends object>(record: T): T =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value)) as T

/** Somebody who is new gets a password for the first sign-in; it is shown once and kept nowhere. */
export interface FirstPassword {
  login: string
  name: string
  password: string
}
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
function onePassword(): string {
  const random = crypto.getRandomValues(new Uint32Array(16))
  return [...random].map(number => LETTERS[number % LETTERS.length]).join('')
}
export const passwordsFor = (records: SheetRecord[], known: string[]): FirstPassword[] =>
  records
    .filter(({ values }) => !known.includes(values.login ?? ''))
    .map(({ values }) => ({ login: values.login ?? '', name: values.name ?? '', password: onePassword() }))

export function loadOf(kind: SheetKind, records: SheetRecord[], passwords: FirstPassword[]): Load {
  const all = records.map(({ values }) => values)
  switch (kind) {
    case 'people': {
      const first = new Map(passwords.map(each => [each.login, each.password]))
      return {
        kind,
        items: all.map(({ login = '', name, department, email, roles = '' }) => ({
          ...filled({ login, name, department, email }),
          roles: roles.split(',').filter(Boolean),
          ...(first.has(login) && { password: first.get(login), password_once: true }),
        })),
      }
    }
    case 'customers':
      return {
        kind,
        items: all.map(({ code = '', name, receiver, phone, address, title, tax_no, ...terms }) => ({
          ...filled({ code, name, ...terms }),
          ...(address && { ship_to: [filled({ name: receiver, phone, address })] }),
          ...(receiver && { contacts: [{ name: receiver, phone: phone ?? null, email: null, role: null }] }),
          ...((title || tax_no) && {
            invoice: filled({ title, tax_no, kind: tax_no ? 'vat_special' : 'vat_normal' }),
          }),
        })),
      }
    case 'products':
      return { kind, items: all.map(values => ({ ...filled(values), code: values.code ?? '' })) }
    case 'stock':
      return {
        kind,
        items: all.map(({ product = '', warehouse = '', on_hand = '' }) => ({ product, warehouse, on_hand })),
      }
  }
}
