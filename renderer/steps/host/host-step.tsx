// Step 1: which computer builds the image, the connection to it, and what it can do.
import { ErrorCard } from '../../parts/error-card.tsx';
import { Settled } from '../../parts/settled.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { useAction, useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import { isSettled } from '../../state/gating.ts';
import { FirstChoice } from './first-choice.tsx';
import { HostCheck } from './host-check.tsx';
import { HostForm } from './host-form.tsx';
import { PracticeBar } from './practice-bar.tsx';

export function HostStep() {
  const model = useModel();
  const run = useRun();
  const draft = useDraft();
  const host = useApp((state) => state.host);
  // Held here, because the first choice is gone by the time the laboratory's host is connected.
  const practise = useAction(() => model.practise());
  const settled = isSettled('host', run);
  return (
    <StepPage step="host">
      {settled ? <Settled /> : null}
      {practise.error ? <ErrorCard error={practise.error} /> : null}
      {draft.hostKind === 'none' ? (
        <FirstChoice onPractise={() => void practise.run()} />
      ) : (
        <>
          {draft.practice ? <PracticeBar /> : null}
          <HostForm locked={settled} />
          {host?.state === 'connected' ? <HostCheck /> : null}
        </>
      )}
    </StepPage>
  );
}
