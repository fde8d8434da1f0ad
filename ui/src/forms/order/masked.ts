/** As the server ends a text of which somebody sees the beginning only. */
const MASK = '***'

export const isMasked = (value: unknown) => typeof value === 'string' && value.endsWith(MASK)
