// Step 5: Cloudbase-Init onto the disk while it is off, then its installer and Sysprep inside Windows.
import { ShieldCheckmarkRegular } from '@fluentui/react-icons';
import { Card } from '../../parts/card.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { BuildConsole } from '../../screen/build-console.tsx';
import { useRun } from '../../state/app.tsx';
import { isOver, stagesOf } from '../../state/gating.ts';

export function CloudbaseInitStep() {
  const run = useRun();
  const views = stagesOf('cloudbase-init', run);
  const over = views.length > 0 && views.every(isOver);
  const injected = views.some((view) => view.id === 'inject' && isOver(view));
  return (
    <StepPage step="cloudbase-init" wide={injected && (run?.machine ?? false)} busy={isWorking(run, views)}>
      {run && injected && !over ? <BuildConsole run={run} phase="cloudbase-init" /> : null}
      <StagePanel step="cloudbase-init" title="Cloudbase-Init" startLabel="Put Cloudbase-Init on the disk" />
      {injected ? null : (
        <Card title="How this works" icon={<ShieldCheckmarkRegular />}>
          <ol className="how">
            <li>
              With the machine off, Casement finds the Windows partition on the disk, copies the{' '}
              <Explained term="cloudbaseInit">Cloudbase-Init</Explained> installer to the desktop and reads it
              back to be sure. A disk that is in use, hibernated, damaged or encrypted is left untouched, and
              you are told why.
            </li>
            <li>The machine starts again, and its screen appears here with the next steps beside it.</li>
            <li>
              You run the installer and check “Run Sysprep”, but not “Shutdown”.{' '}
              <Explained term="sysprep">Sysprep</Explained> makes this Windows general, so that each server
              becomes a computer of its own.
            </li>
            <li>You shut Windows down. Casement notices it, and the disk is ready to be published.</li>
          </ol>
        </Card>
      )}
    </StepPage>
  );
}
