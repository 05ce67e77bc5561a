// Step 5: Cloudbase-Init and Sysprep inside Windows, by itself or by the admin; then the proof from the disk.
import { ShieldCheckmarkRegular } from '@fluentui/react-icons';
import { handsFree } from '../../../shared/plan.ts';
import type { StageView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { BuildConsole } from '../../screen/build-console.tsx';
import { useDraft, useRun } from '../../state/app.tsx';
import { isOver, stagesOf } from '../../state/gating.ts';
import { InspectionCard } from './inspection-card.tsx';

export function CloudbaseInitStep() {
  const run = useRun();
  const { setup } = useDraft();
  const views = stagesOf('cloudbase-init', run);
  const over = views.length > 0 && views.every(isOver);
  const injected = views.some((view) => view.id === 'inject' && isOver(view));
  const alone = run ? handsFree(run.plan) : setup.mode === 'hands-free';
  const inspected = run !== null && run.inspection !== null && views.some(isProven);
  return (
    <StepPage step="cloudbase-init" wide={injected && (run?.machine ?? false)} busy={isWorking(run, views)}>
      {run && injected && !over ? <BuildConsole run={run} phase="cloudbase-init" /> : null}
      <StagePanel
        step="cloudbase-init"
        title="Cloudbase-Init, Sysprep and proof"
        startLabel={alone ? 'Prepare Windows' : 'Put Cloudbase-Init on the disk'}
      />
      {run?.inspection && inspected ? <InspectionCard run={run} inspection={run.inspection} /> : null}
      {injected ? null : (
        <Card title="How this works" icon={<ShieldCheckmarkRegular />}>
          {alone ? <Alone /> : <ByHand />}
        </Card>
      )}
    </StepPage>
  );
}

/** What was found counts only while it is of the disk as it is now. */
const isProven = ({ id, state }: StageView): boolean =>
  id === 'inspect' && (state === 'done' || state === 'failed');

function Alone() {
  return (
    <ol className="how">
      <li>
        The state after the installation is kept in the disk. Whatever fails from here on starts again from
        there, which costs minutes.
      </li>
      <li>
        Windows starts again and installs your updates, your scripts and{' '}
        <Explained term="cloudbaseInit">Cloudbase-Init</Explained> by itself.
      </li>
      <li>
        It removes the traces of the build. <Explained term="sysprep">Sysprep</Explained> makes this Windows
        general, so that each server becomes a computer of its own.
      </li>
      <li>
        With the machine off, Casement reads from the disk whether it is a good image, and writes the file
        that is uploaded.
      </li>
    </ol>
  );
}

function ByHand() {
  return (
    <ol className="how">
      <li>
        With the machine off, Casement finds the Windows partition on the disk, copies the{' '}
        <Explained term="cloudbaseInit">Cloudbase-Init</Explained> installer to the desktop and reads it back
        to be sure. A disk that is in use, hibernated, damaged or encrypted is left untouched, and you are
        told why.
      </li>
      <li>The machine starts again, and its screen appears here with the next steps beside it.</li>
      <li>
        You run the installer and check “Run Sysprep”, but not “Shutdown”.{' '}
        <Explained term="sysprep">Sysprep</Explained> makes this Windows general, so that each server becomes
        a computer of its own.
      </li>
      <li>
        You shut Windows down. Casement notices it, reads from the disk whether it is a good image, and writes
        the file that is uploaded.
      </li>
    </ol>
  );
}
