// Step 4: bring the media over, make the disk, start the machine; Windows is installed by itself or on its screen.

import { handsFree, type MediaKind } from '../../../shared/plan.ts';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { BuildConsole } from '../../screen/build-console.tsx';
import { useDraft, useRun, useSituation } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { hostOf, mediaOf } from '../../state/draft-plan.ts';
import { isOver, MEDIA_TITLES, stagesOf, stepReason } from '../../state/gating.ts';
import { SetupCard } from './setup-card.tsx';

export function InstallStep() {
  const run = useRun();
  const draft = useDraft();
  const situation = useSituation();
  const views = stagesOf('install', run);
  const installed = views.length > 0 && views.every(isOver);
  const alone = run ? handsFree(run.plan) : draft.setup.mode === 'hands-free';
  const blocked = run ? null : (missing(draft) ?? stepReason('machine', situation));
  return (
    <StepPage step="install" wide={run?.machine ?? false} busy={isWorking(run, views)}>
      {run && !installed ? <BuildConsole run={run} phase="install" /> : null}
      {run ? null : <SetupCard />}
      <StagePanel
        step="install"
        title="Build"
        startLabel="Start the build"
        blocked={blocked}
        until={alone ? 'cloudbase-init' : 'install'}
        hint={
          alone
            ? 'The machine runs on the host and goes on to the proven image file by itself. You may close Casement meanwhile.'
            : 'The machine runs on the host. You may close Casement meanwhile: the build waits, and you continue it later.'
        }
      />
    </StepPage>
  );
}

function missing(draft: Draft): string | null {
  if (!hostOf(draft)) return 'Choose the host first.';
  const kind = (Object.keys(MEDIA_TITLES) as MediaKind[]).find((one) => !mediaOf(draft.media[one]));
  return kind ? `Choose the ${MEDIA_TITLES[kind]} first.` : null;
}
