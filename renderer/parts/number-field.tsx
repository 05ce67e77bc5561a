import { Field, type FieldProps, SpinButton } from '@fluentui/react-components';

/** A whole number with buttons; what cannot be read as a number leaves the value as it was. */
export function NumberField({
  value,
  onChange,
  min,
  max,
  step = 1,
  ...field
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
} & Pick<FieldProps, 'label' | 'hint' | 'validationMessage' | 'validationState'>) {
  return (
    <Field {...field}>
      <SpinButton
        value={value}
        min={min}
        max={max}
        step={step}
        onChange={(_, data) => {
          const next = data.value ?? Number.parseInt(data.displayValue ?? '', 10);
          if (Number.isInteger(next)) onChange(Math.min(max, Math.max(min, next)));
        }}
      />
    </Field>
  );
}
