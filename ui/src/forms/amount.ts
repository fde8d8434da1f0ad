/** An amount as people type it, as the server reads it; nothing where it is none. */
export function amountOf(typed: string): string | undefined {
  const text = typed.normalize('NFKC').replaceAll(/[\s,，]/g, '')
  return /^(\d+(\.\d+)?)?$/.test(text) ? text : undefined
}
