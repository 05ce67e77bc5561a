import { Button } from '@fluentui/react-components';
import { DesktopArrowRightRegular } from '@fluentui/react-icons';
import type { RunView, SessionView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { type Mark, StateIcon } from '../../parts/state-icon.tsx';
import { useAction, useApp, useModel } from '../../state/app.tsx';

const STATES: Readonly<Record<SessionView['state'], readonly [Mark, string]>> = {
  opening: ['running', 'Opening'],
  open: ['done', 'The desktop is open'],
  closed: ['skipped', 'Closed'],
  failed: ['failed', 'Failed'],
};

/** The desktop sessions of a server, and a button for one more. */
export function Sessions({ run, opened }: { readonly run: RunView; readonly opened: boolean }) {
  const { client } = useModel();
  const all = useApp((state) => state.sessions);
  const open = useAction(() => client.call('connect.open', { run: run.id }));
  const mine = all.filter(({ server, address }) => server === run.serverId || address === run.address);
  if (mine.length === 0 && !opened) return null;
  return (
    <Card
      title="Sessions"
      action={
        opened ? (
          <Button
            icon={<DesktopArrowRightRegular />}
            disabledFocusable={open.busy}
            onClick={() => void open.run()}
          >
            Open the desktop again
          </Button>
        ) : null
      }
    >
      {mine.length === 0 ? <p className="hint">No session is open.</p> : null}
      <ul className="plain-list" aria-label="Sessions" aria-live="polite">
        {mine.map((session) => (
          <li key={session.id} className="row">
            <StateIcon mark={STATES[session.state][0]} />
            {STATES[session.state][1]} ({session.address})
            {session.error && session.state === 'failed' ? <ErrorCard error={session.error} /> : null}
          </li>
        ))}
      </ul>
      {open.error ? <ErrorCard error={open.error} /> : null}
    </Card>
  );
}
