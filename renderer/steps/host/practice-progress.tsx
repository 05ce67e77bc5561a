import { Button, Spinner } from '@fluentui/react-components';
import { DismissRegular } from '@fluentui/react-icons';
import { ErrorCard } from '../../parts/error-card.tsx';
import { formatAgo, formatDuration } from '../../parts/format.ts';
import { StateIcon } from '../../parts/state-icon.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useAction, useApp, useModel } from '../../state/app.tsx';
import type { PracticeLine } from '../../state/practice.ts';

const MARKS = { started: 'running', done: 'done', failed: 'failed' } as const satisfies Record<
  PracticeLine['state'],
  string
>;

/** What the laboratory does while it comes up, and the way out. */
export function PracticeProgressView() {
  const { client } = useModel();
  const progress = useApp((state) => state.practice);
  const now = useNow(progress !== null);
  const cancel = useAction(() => client.call('practice.cancel', {}));
  if (!progress) return null;
  const { startedAt, lastActivity, lines } = progress;
  return (
    <section className="practice-progress" aria-label="Progress of the practice laboratory">
      <Spinner size="tiny" label="Starting the laboratory" />
      <p className="hint figures">
        <span>{formatDuration((now - startedAt) / 1000)} so far</span>
        <span>last activity {formatAgo(lastActivity, now)}</span>
      </p>
      {cancel.error ? <ErrorCard error={cancel.error} /> : null}
      <div className="row">
        <Button icon={<DismissRegular />} disabledFocusable={cancel.busy} onClick={() => void cancel.run()}>
          Cancel
        </Button>
      </div>
      <ul className="plain-list" aria-live="polite">
        {lines.map(({ stage, state, message }) => (
          <li key={stage} className="row nowrap">
            <StateIcon mark={MARKS[state]} />
            <span>
              {stage}
              {message ? `: ${message}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
