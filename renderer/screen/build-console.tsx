import { Button } from '@fluentui/react-components';
import { PanelRightContractRegular, PanelRightExpandRegular } from '@fluentui/react-icons';
import { useRef, useState } from 'react';
import type { RunView } from '../../shared/views.ts';
import { Coach } from './coach.tsx';
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
  if (!run.machine) return null;
  return (
    <div className="console-wrap">
      <div className="row end">
        <Button
          appearance="subtle"
          size="small"
          icon={coach ? <PanelRightContractRegular /> : <PanelRightExpandRegular />}
          onClick={() => setCoach(!coach)}
        >
          {coach ? 'Hide the steps' : 'Show the steps'}
        </Button>
      </div>
      <div className="console">
        <MachineScreen run={run} handle={screen} />
        {coach ? <Coach run={run} phase={phase} onType={(text) => screen.current?.type(text)} /> : null}
      </div>
    </div>
  );
}
