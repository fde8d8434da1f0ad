import type { CheckAnswer, Finding, Severity } from '../../api/types'
import { worst } from './places'

/** Chips of the readiness bar and the checks each of them gathers. */
export const chips = {
  required: ['required', 'catalogue', 'quantity', 'date'],
  price: ['price'],
  terms: ['terms', 'payment', 'invoice', 'special_request'],
  stock: ['stock'],
  credit: ['credit'],
  duplicate: ['duplicate'],
} as const
export type Chip = keyof typeof chips

export const inChip = (chip: Chip, finding: Finding) =>
  (chips[chip] as readonly string[]).includes(finding.check)

/** What is left of the customer's credit, if that is known and the order does not fit into it. */
export const isOverdrawn = (answer: CheckAnswer | null) =>
  Boolean(answer?.customer?.credit?.left.startsWith('-'))

/** Whether the draft says enough for the checks of a chip to have been made. */
function isChecked(chip: Chip, answer: CheckAnswer, findings: Finding[]): boolean {
  const known = Boolean(answer.customer?.matched)
  const lines = answer.lines.length > 0 && answer.lines.every(line => line.product_name !== null)
  const faulty = (path: RegExp) =>
    findings.some(finding => finding.severity === 'blocker' && path.test(finding.path))
  switch (chip) {
    case 'required':
      return true
    case 'price':
      return lines && !faulty(/\.(product|unit|quantity|unit_price)$/)
    case 'terms':
      return known && !faulty(/^(payment_terms|payment_method|invoice)/)
    case 'stock':
      return lines && !faulty(/\.(product|unit|quantity)$/) && answer.lines.every(line => line.atp !== null)
    case 'credit':
      return known && answer.lines.length > 0 && answer.totals !== null && !faulty(/^lines/)
    case 'duplicate':
      return known && lines
  }
}

/** How a chip looks: the worst of its findings, all well, or not checked yet. Nothing is green that was not checked. */
export function chipState(
  chip: Chip,
  answer: CheckAnswer | null,
  findings: Finding[],
): Severity | 'ok' | 'unknown' {
  const severity = worst(findings.filter(finding => inChip(chip, finding)))
  if (severity) return severity
  if (!answer || !isChecked(chip, answer, findings)) return 'unknown'
  return chip === 'credit' && isOverdrawn(answer) ? 'warning' : 'ok'
}
