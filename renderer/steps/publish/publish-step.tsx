// Step 6: sign in to the cloud, name the image, upload it.
import { Settled } from '../../parts/settled.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useRun } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { imageProblem } from '../../state/draft-image.ts';
import { cloudOf, planOf } from '../../state/draft-plan.ts';
import { isSettled, stagesOf } from '../../state/gating.ts';
import { CloudImages } from './cloud-images.tsx';
import { ImageCard } from './image-card.tsx';
import { ProofCard } from './proof-card.tsx';
import { PropertiesCard } from './properties-card.tsx';
import { SendingCard } from './sending-card.tsx';
import { SignInCard } from './sign-in-card.tsx';
import { useGlance } from './use-glance.ts';

export function PublishStep() {
  const run = useRun();
  const draft = useDraft();
  const cloud = useApp((state) => state.cloud);
  const settled = isSettled('publish', run);
  const failed = stagesOf('publish', run).some(({ state }) => state === 'failed');
  const locked = settled && !failed;
  const images = useGlance();
  return (
    <StepPage step="publish" busy={isWorking(run, stagesOf('publish', run))}>
      {locked ? <Settled /> : null}
      <SignInCard locked={locked} />
      <fieldset className="plain" disabled={locked} aria-label="Image">
        <ImageCard glance={images.glance} />
        <SendingCard glance={images.glance} />
        <PropertiesCard />
        <ProofCard />
      </fieldset>
      {locked ? null : <CloudImages state={images} />}
      <StagePanel
        step="publish"
        title="Upload"
        startLabel="Upload the image"
        blocked={locked ? null : blocked(cloud !== null && cloudOf(draft.cloud) !== null, draft)}
        hint={
          <>
            The disk goes to <Explained term="glance">Glance</Explained>. Afterwards its checksum there is
            compared with the one on the host, and the image is proven.
          </>
        }
      />
    </StepPage>
  );
}

function blocked(signedIn: boolean, draft: Draft): string | null {
  if (!signedIn) return 'Sign in to the cloud first.';
  if (!draft.image.name.trim()) return 'Give the image a name first.';
  return imageProblem(planOf(draft));
}
