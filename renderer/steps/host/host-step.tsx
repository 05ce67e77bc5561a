// Step 1: which computer builds the image, the connection to it, and what it can do.
import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { Settled } from '../../parts/settled.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import { isSettled } from '../../state/gating.ts';
import { FirstChoice } from './first-choice.tsx';
import { HostCheck } from './host-check.tsx';
import { HostForm } from './host-form.tsx';

export function HostStep() {
  const model = useModel();
  const run = useRun();
  const draft = useDraft();
  const host = useApp((state) => state.host);
  const settled = isSettled('host', run);
  return (
    <StepPage step="host">
      {settled ? <Settled /> : null}
      {draft.hostKind === 'none' ? (
        <FirstChoice />
      ) : (
        <>
          {draft.practice ? (
            <MessageBar intent="info" layout="multiline">
              <MessageBarBody>
                You are practising: host, media and cloud are a laboratory on this computer, and every step is
                filled in.{' '}
                <Button
                  size="small"
                  onClick={() => {
                    model.forgetHost();
                    model.change((now) => ({ ...now, practice: false, hostKind: 'none', run: null }));
                  }}
                >
                  Leave practice
                </Button>
              </MessageBarBody>
            </MessageBar>
          ) : null}
          <HostForm locked={settled} />
          {host?.state === 'connected' ? <HostCheck /> : null}
        </>
      )}
    </StepPage>
  );
}
