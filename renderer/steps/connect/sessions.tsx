import { Button } from '@fluentui/react-components';
import { DesktopArrowRightRegular } from '@fluentui/react-icons';
import type { RunView, SessionView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { StateIcon } from '../../parts/state-icon.tsx';
import { useAction, useModel } from '../../state/app.tsx';
import { sessionWords } from './ending.ts';

/** The desktop sessions of a server, and a button for one more. */
export function Sessions({
  run,
  sessions,
  openLabel,
}: {
  readonly run: RunView;
  readonly sessions: readonly SessionView[];
  /** Null while the build itself still has to open the first one. */
  readonly openLabel: string | null;
}) {
  const { client } = useModel();
  const open = useAction(() => client.call('connect.open', { run: run.id }));
  if (sessions.length === 0 && openLabel === null) return null;
  return (
    <Card
      title="Sessions"
      action={
        openLabel ? (
          <Button
            icon={<DesktopArrowRightRegular />}
            disabledFocusable={open.busy}
            onClick={() => void open.run()}
          >
            {openLabel}
          </Button>
        ) : null
      }
    >
      {sessions.length === 0 ? <p className="hint">No session is open.</p> : null}
      <ul className="plain-list" aria-label="Sessions" aria-live="polite">
        {sessions.map((session) => {
          const [mark, words] = sessionWords(session);
          return (
            <li key={session.id} className="row">
              <StateIcon mark={mark} />
              {words} ({session.address})
              {session.error && session.state === 'failed' ? <ErrorCard error={session.error} /> : null}
            </li>
          );
        })}
      </ul>
      {open.error ? <ErrorCard error={open.error} /> : null}
    </Card>
  );
}
