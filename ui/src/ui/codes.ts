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
export const COMPLAINT_KINDS = [
  'late_delivery',
  'wrong_goods',
  'short_delivery',
  'quality',
  'damage',
  'invoice',
  'other',
]
