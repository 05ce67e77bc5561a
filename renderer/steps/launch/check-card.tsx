import { Button, Spinner } from '@fluentui/react-components';
import { ArrowClockwiseRegular, ClipboardTaskRegular } from '@fluentui/react-icons';
import type { ErrorData } from '../../../shared/errors.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { StateIcon } from '../../parts/state-icon.tsx';

const MARKS = { passed: 'done', warned: 'warned', failed: 'failed' } as const;

/** What speaks for and against the launch, looked at anew after every change. */
export function CheckCard({
  findings,
  busy,
  error,
  check,
}: {
  readonly findings: readonly LaunchFinding[];
  readonly busy: boolean;
  readonly error: ErrorData | null;
  readonly check: () => void;
}) {
  return (
    <Card
      title="Check before the launch"
      icon={<ClipboardTaskRegular />}
      hint="What would fail later without a word is looked at now."
      action={
        <Button size="small" icon={<ArrowClockwiseRegular />} disabledFocusable={busy} onClick={check}>
          Check again
        </Button>
      }
    >
      {error ? <ErrorCard error={error} /> : null}
      {busy && findings.length === 0 ? <Spinner size="small" label="Asking the cloud" /> : null}
      <ul className="stages" aria-label="Findings" aria-busy={busy} aria-live="polite">
        {findings.map(({ id, title, status, text, fix }) => (
          <li key={id} className="stage" data-finding={id} data-status={status}>
            <StateIcon mark={MARKS[status]} />
            <div className="stage-body">
              <span className="stage-title">{title}</span>
              <p>{text}</p>
              {fix ? <p className="hint">{fix}</p> : null}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
