import { Button } from '@fluentui/react-components';
import { ChevronDownRegular, ChevronRightRegular, ErrorCircleFilled } from '@fluentui/react-icons';
import { type ReactNode, useId, useState } from 'react';
import type { ErrorData } from '../../shared/errors.ts';
import { CopyButton } from './copy-button.tsx';
import { SCROLL_REGION } from './scroll-region.ts';

/** An error in three sentences: what it is, what happened, what to do; details wait until they are asked for. */
export function ErrorCard({ error, children }: { readonly error: ErrorData; readonly children?: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const text = [error.title, error.whatHappened, error.whatToDo, error.code, error.detail]
    .filter(Boolean)
    .join('\n\n');
  return (
    <div role="alert" className="error-card">
      <ErrorCircleFilled className="error-icon" aria-hidden />
      <div className="error-body">
        <strong className="error-title">{error.title}</strong>
        <p>
          <span className="error-label">What happened: </span>
          {error.whatHappened}
        </p>
        <p>
          <span className="error-label">What to do: </span>
          {error.whatToDo}
        </p>
        <div className="row">
          {children}
          <Button
            appearance="subtle"
            size="small"
            icon={open ? <ChevronDownRegular /> : <ChevronRightRegular />}
            aria-expanded={open}
            aria-controls={id}
            onClick={() => setOpen(!open)}
          >
            Details
          </Button>
          <CopyButton text={text} label="Copy details" size="small" appearance="subtle" />
        </div>
        <div id={id} hidden={!open}>
          <section aria-label="Error details" className="code-text" {...SCROLL_REGION}>
            <pre>{[error.code, error.detail].filter(Boolean).join('\n\n')}</pre>
          </section>
        </div>
      </div>
    </div>
  );
}
