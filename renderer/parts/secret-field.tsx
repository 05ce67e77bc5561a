import { Button, Field, type FieldProps, Input } from '@fluentui/react-components';
import { EyeOffRegular, EyeRegular } from '@fluentui/react-icons';
import { useState } from 'react';

/** A password field that can be shown for a moment. What is typed stays in memory. */
export function SecretField({
  value,
  onChange,
  label,
  placeholder,
  onLeave,
  ...field
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  readonly placeholder?: string | undefined;
  /** The field was left. */
  readonly onLeave?: () => void;
} & Pick<FieldProps, 'hint' | 'required' | 'validationMessage' | 'validationState'>) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} {...field}>
      <Input
        type={shown ? 'text' : 'password'}
        value={value}
        autoComplete="off"
        spellCheck={false}
        {...(placeholder ? { placeholder } : {})}
        onChange={(_, data) => onChange(data.value)}
        onBlur={onLeave}
        contentAfter={
          <Button
            size="small"
            appearance="transparent"
            icon={shown ? <EyeOffRegular /> : <EyeRegular />}
            aria-label={`${shown ? 'Hide' : 'Show'} what is typed`}
            onClick={() => setShown(!shown)}
          />
        }
      />
    </Field>
  );
}
