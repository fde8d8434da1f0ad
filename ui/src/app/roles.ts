/** The roles that the server knows, in the order of the house. */
export const ROLES = [
  'sales',
  'sales_manager',
  'finance',
  'warehouse',
  'planning',
  'service',
  'process_admin',
  'management',
  'auditor',
  'admin',
]
