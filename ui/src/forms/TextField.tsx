import { Input, type InputProps } from 'antd'

type Kept = Pick<InputProps, 'type' | 'inputMode'>

/** A line to type in, under its label. */
export function TextField({
  label,
  value,
  onChange,
  id,
  ...props
}: { label: string; value: string; onChange: (value: string) => void; id: string } & Kept) {
  return (
    <label className="field">
      <span>{label}</span>
      <Input {...props} value={value} onChange={event => onChange(event.target.value)} data-testid={id} />
    </label>
  )
}
