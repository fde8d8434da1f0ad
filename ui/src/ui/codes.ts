/** Codes of the server that people choose from; their words are in the catalogues. */
export const PAYMENT_METHODS = [
  'bank_transfer',
  'acceptance_bill',
  'letter_of_credit',
  'cheque',
  'cash',
  'card',
  'alipay',
  'wechat_pay',
]
export const INVOICE_KINDS = ['vat_special', 'vat_normal', 'none']
/** Incoterms 2020. */
export const INCOTERMS = ['EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF']
export const REVERSAL_KINDS = ['entered_wrong', 'refunded']
/** Of an invoice that was issued. */
export const CORRECTION_KINDS = ['void', 'red_letter']
export const INVOICE_TONES: Record<string, string> = {
  requested: 'amber',
  issued: 'green',
  corrected: 'grey',
}
export const COMPLAINT_KINDS = [
  'late_delivery',
  'wrong_goods',
  'short_delivery',
  'quality',
  'damage',
  'invoice',
  'other',
]
/** What the system itself says of a loss, or of an order that was none. Companies rename these, and add their own. */
export const SHIPPED_REASONS = [
  'incomplete_data',
  'price_or_terms',
  'short_or_late',
  'review_timeout',
  'interface_failure',
  'credit_or_payment',
  'customer_cancelled',
  'customer_silent',
  'lost_to_competitor',
  'other',
  'duplicate',
  'test',
  'merged',
] as const
/** What an issue type can say of more than the problems that people report. */
export const OCCASIONS = [
  'question_to_customer',
  'question_to_sales',
  'nobody_found',
  'task_overdue',
  'customer_silent',
  'wait_too_long',
  'connector_failed',
  'hook_failed',
  'flow_fault',
  'migration_failed',
  'field_empty',
  'unowned',
  'checks_failed',
  'change_waits',
  'taken_over',
  'promise_broken',
  'not_received',
  'suspected_lost',
  'overpaid',
  'second_person',
]
