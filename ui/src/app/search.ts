/** Reads what an address holds; what means nothing there is as if it were not asked. */
export const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

export const among = <T extends string>(value: unknown, all: readonly T[], first: T): T =>
  all.includes(value as T) ? (value as T) : first
