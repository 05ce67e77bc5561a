import { Button } from '@fluentui/react-components';
import { ServerMultipleRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { CloudSource } from '../../../shared/plan.ts';
import type { RunView } from '../../../shared/views.ts';
import { type LaunchState, launchWords } from '../../../shared/views-launch.ts';
import { Card } from '../../parts/card.tsx';
import { Ellipsis } from '../../parts/ellipsis.tsx';
import { type Mark, StateIcon } from '../../parts/state-icon.tsx';
import { ServerConsole } from '../../screen/server-console.tsx';

const markOf = (state: LaunchState): Mark =>
  state === 'ready' ? 'done' : state === 'failed' ? 'failed' : 'running';

/** Every server of the launch, how far it is, and its console. */
export function ServersCard({ run, cloud }: { readonly run: RunView; readonly cloud: CloudSource }) {
  const [open, setOpen] = useState<string | null>(null);
  const shown = run.servers.find(({ id }) => id === open);
  return (
    <Card title="Servers of this launch" icon={<ServerMultipleRegular />}>
      <ul className="stages" aria-label="Servers">
        {run.servers.map((server) => {
          const { id, name, state, address, error } = server;
          return (
            <li key={name} className="stage" data-state={state}>
              <StateIcon mark={markOf(state)} />
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
                  {error ? `${error.whatHappened} ${error.whatToDo}` : launchWords(server)}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {shown ? <ServerConsole key={shown.id} cloud={cloud} server={shown.id} name={shown.name} /> : null}
    </Card>
  );
}
