import { InfoLabel, type LabelProps } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { GLOSSARY, type Term } from './glossary.ts';

/** A foreign word inside a text, with its explanation one click away. */
export function Explained({ term, children }: { readonly term: Term; readonly children: ReactNode }) {
  return <WithInfo term={term} name={String(children)} label={{ className: 'explained' }} />;
}

/** The label slot of a Field whose name needs explaining. */
export function explainedLabel(text: string, term: Term) {
  return {
    children: (_: unknown, props: LabelProps) => <WithInfo term={term} name={text} label={props} />,
  };
}

function WithInfo({
  term,
  name,
  label,
}: {
  readonly term: Term;
  readonly name: string;
  readonly label: LabelProps;
}) {
  const id = useId();
  return (
    <InfoLabel
      {...label}
      info={GLOSSARY[term]}
      // Named by itself: named by the label, the button would answer to the field's own name.
      infoButton={{ id, 'aria-labelledby': id, 'aria-label': `Explain: ${name}` }}
    >
      {name}
    </InfoLabel>
  );
}
