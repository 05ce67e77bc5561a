import { useState } from 'react';
import { useModel } from '../state/app.tsx';
import { SecretField } from './secret-field.tsx';

/** A secret that the backend keeps as soon as the field is left; the draft holds only the reference `kept`. */
export function KeptSecret({
  label,
  hint,
  placeholder,
  name,
  kept,
  onKept,
  tidy = (typed) => typed,
}: {
  readonly label: string;
  readonly hint: string;
  readonly placeholder?: string;
  /** What the backend calls it. */
  readonly name: string;
  /** Empty while there is none. */
  readonly kept: string;
  readonly onKept: (ref: string) => void;
  /** What is kept of what was typed. */
  readonly tidy?: (typed: string) => string;
}) {
  const model = useModel();
  const [typed, setTyped] = useState('');
  return (
    <SecretField
      label={label}
      hint={hint}
      value={typed}
      onLeave={() => void (typed === '' ? undefined : model.keep(name, tidy(typed)).then(onKept))}
      placeholder={kept === '' ? placeholder : 'Kept from before'}
      onChange={(value) => {
        setTyped(value);
        if (value === '') onKept('');
      }}
    />
  );
}
