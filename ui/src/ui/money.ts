const SIGNS: Record<string, string> = { CNY: '¥', USD: 'US$', EUR: '€', GBP: '£', JPY: 'JP¥', HKD: 'HK$' }

/** Groups the digits of a decimal string without passing it through a float. */
export function groupDigits(value: string, minDecimals = 0): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  if (!/^-?\d/.test(value)) return value
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const trimmed = fraction.replace(/0+$/, '').padEnd(minDecimals, '0')
  return `${sign}${grouped}${trimmed ? `.${trimmed}` : ''}`
}

export function moneyWords(value: string, currency: string | null | undefined): string {
  const sign = currency ? (SIGNS[currency] ?? `${currency} `) : ''
  const digits = groupDigits(value, 2)
  return digits.startsWith('-') ? `-${sign}${digits.slice(1)}` : `${sign}${digits}`
}
