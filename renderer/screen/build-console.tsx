import { Button } from '@fluentui/react-components';
import { PanelRightContractRegular, PanelRightExpandRegular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import { handsFree } from '../../shared/plan.ts';
import type { RunView } from '../../shared/views.ts';
import { Coach } from './coach.tsx';
import { HandsOff } from './hands-off.tsx';
import { MachineScreen, type ScreenHandle } from './screen.tsx';

/** Screen and coach side by side, as long as the build VM runs. */
export function BuildConsole({
  run,
  phase,
}: {
  readonly run: RunView;
  readonly phase: 'install' | 'cloudbase-init';
}) {
  const screen = useRef<ScreenHandle>(null);
  const [coach, setCoach] = useState(true);
  const [typing, setTyping] = useState(false);
  if (!run.machine) return null;
  return (
    <div className="console">
      <MachineScreen run={run} handle={screen} typing={typing} onTyping={setTyping}>
        <Button
          appearance="subtle"
          size="small"
          icon={coach ? <PanelRightContractRegular /> : <PanelRightExpandRegular />}
          aria-label={coach ? 'Hide the steps' : 'Show the steps'}
          title={coach ? 'Hide the steps' : 'Show the steps'}
          onClick={() => setCoach(!coach)}
        />
      </MachineScreen>
      {coach && handsFree(run.plan) ? <HandsOff run={run} /> : null}
      {coach && !handsFree(run.plan) ? (
        <Coach run={run} phase={phase} typing={typing} onType={(text) => screen.current?.type(text)} />
      ) : null}
    </div>
  );
}
