/** Typed text to the form the API reads. Text that cannot be read stays on screen and is sent as absent. */

const halfWidth = (text: string) =>
  text.replace(/[０-９．－，／]/g, char => String.fromCharCode(char.charCodeAt(0) - 0xfee0))

/** `1,200`, `１２` or `¥12.50` → a plain decimal; null when it is not a number. */
export function decimalOf(text: string): string | null {
  const plain = halfWidth(text).replace(/[,\s¥$]/g, '')
  return /^-?\d+(\.\d+)?$/.test(plain) ? plain : null
}

/** `2026-12-1`, `2026/12/01`, `2026.12.1`, `20261201`, `12-1` → an ISO date; null when there is no such day. */
export function dateOf(text: string, year: number): string | null {
  const plain = halfWidth(text.trim())
  const [, y, m, d] =
    /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ??
    []
  if (!m || !d) return null
  const iso = `${y ?? year}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`
  const real = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(iso) ? iso : null
}
