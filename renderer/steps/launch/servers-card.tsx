import { Button } from '@fluentui/react-components';
import { ServerMultipleRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { CloudSource } from '../../../shared/plan.ts';
import type { RunView } from '../../../shared/views.ts';
import { BEHIND_GATEWAY, type LaunchedView } from '../../../shared/views-launch.ts';
import { Card } from '../../parts/card.tsx';
import { Ellipsis } from '../../parts/ellipsis.tsx';
import { type Mark, StateIcon } from '../../parts/state-icon.tsx';
import { ServerConsole } from '../../screen/server-console.tsx';

const WORDS: Readonly<Record<LaunchedView['state'], readonly [Mark, string]>> = {
  ordered: ['running', 'Nova takes the order'],
  building: ['running', 'Nova is starting the server'],
  starting: ['running', 'Windows is starting'],
  password: ['running', 'Password received; waiting for Remote Desktop'],
  ready: ['done', 'Remote Desktop answers'],
  failed: ['failed', 'Failed'],
};

/** Every server of the launch, how far it is, and its console. */
export function ServersCard({ run, cloud }: { readonly run: RunView; readonly cloud: CloudSource }) {
  const [open, setOpen] = useState<string | null>(null);
  const shown = run.servers.find(({ id }) => id === open);
  return (
    <Card title="Servers of this launch" icon={<ServerMultipleRegular />}>
      <ul className="stages" aria-label="Servers">
        {run.servers.map(({ id, name, state, address, error, gateway }) => (
          <li key={name} className="stage" data-state={state}>
            <StateIcon mark={WORDS[state][0]} />
            <div className="stage-body">
              <span className="row nowrap">
                <span className="stage-title">
                  <Ellipsis text={name} />
                </span>
                {address ? <code>{address}</code> : null}
                {id ? (
                  <Button size="small" appearance="subtle" onClick={() => setOpen(open === id ? null : id)}>
                    {open === id ? 'Hide the console' : 'Console'}
                  </Button>
                ) : null}
              </span>
              <p className="hint">
                {error
                  ? `${error.whatHappened} ${error.whatToDo}`
                  : state === 'ready' && gateway !== undefined
                    ? BEHIND_GATEWAY
                    : WORDS[state][1]}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {shown ? <ServerConsole key={shown.id} cloud={cloud} server={shown.id} name={shown.name} /> : null}
    </Card>
  );
}
