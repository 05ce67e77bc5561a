import { InfoLabel, type LabelProps } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { GLOSSARY, type Term } from './glossary.ts';

/** A foreign word inside a text, with its explanation one click away. */
export function Explained({ term, children }: { readonly term: Term; readonly children: ReactNode }) {
  return (
    <InfoLabel
      className="explained"
      info={GLOSSARY[term]}
      infoButton={{ 'aria-label': `What is this: ${term}` }}
    >
      {children}
    </InfoLabel>
  );
}

/** The label slot of a Field whose name needs explaining. */
export function explainedLabel(text: string, term: Term) {
  return {
    children: (_: unknown, props: LabelProps) => (
      <InfoLabel {...props} info={GLOSSARY[term]}>
        {text}
      </InfoLabel>
    ),
  };
}
