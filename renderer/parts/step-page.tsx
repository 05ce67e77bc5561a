// The frame of every step: heading, content, and at the bottom "Continue" with the reason beside it when it cannot.
import { Button, Spinner } from '@fluentui/react-components';
import { ArrowLeftRegular, ArrowRightRegular, InfoRegular } from '@fluentui/react-icons';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useModel, useSituation } from '../state/app.tsx';
import { stepReason } from '../state/gating.ts';
import { nextStep, STEP_INFO, STEPS, type StepId } from '../state/steps.ts';

export function StepPage({
  step,
  wide,
  busy,
  last,
  children,
}: {
  readonly step: StepId;
  /** Uses the whole width, for pages with a screen. */
  readonly wide?: boolean;
  /** Something runs that the reason speaks of. */
  readonly busy?: boolean;
  /** Stands at the end instead of "Continue". */
  readonly last?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { title, lead } = STEP_INFO[step];
  // Whoever listens to the page instead of seeing it learns here that the step changed.
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="page" aria-label={title}>
      <div className="page-scroll">
        <div className={wide ? 'page-content wide' : 'page-content'}>
          <header className="page-head">
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            <p>{lead}</p>
          </header>
          {children}
        </div>
      </div>
      <Footer step={step} busy={busy ?? false} last={last} />
    </main>
  );
}

function Footer({
  step,
  busy,
  last,
}: {
  readonly step: StepId;
  readonly busy: boolean;
  readonly last: ReactNode;
}) {
  const model = useModel();
  const reason = stepReason(step, useSituation());
  const id = useId();
  const before = STEPS[STEPS.indexOf(step) - 1];
  const next = nextStep(step);
  return (
    <footer className="page-foot">
      {before ? (
        <Button icon={<ArrowLeftRegular />} appearance="subtle" onClick={() => model.go(before)}>
          Back
        </Button>
      ) : null}
      <p id={id} className="reason" aria-live="polite">
        {reason && busy ? (
          <span aria-hidden>
            <Spinner size="extra-tiny" />
          </span>
        ) : null}
        {reason && !busy ? <InfoRegular aria-hidden /> : null}
        {reason}
      </p>
      {next ? (
        <Button
          appearance="primary"
          size="large"
          className="continue"
          icon={<ArrowRightRegular />}
          iconPosition="after"
          disabledFocusable={reason !== null}
          aria-describedby={id}
          onClick={() => model.go(next)}
        >
          Continue
        </Button>
      ) : (
        last
      )}
    </footer>
  );
}
