// Step 7: a first server from the image: its size, network, key pair and password.

import { useState } from 'react';
import { isAcceptable } from '../../../shared/passwords.ts';
import { Settled } from '../../parts/settled.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { cloudOf } from '../../state/draft-plan.ts';
import { accountOf } from '../../state/draft-setup.ts';
import { isSettled, stagesOf } from '../../state/gating.ts';
import { ForgetPassword } from './forget-password.tsx';
import { LaunchCards } from './launch-cards.tsx';
import { ServerCard } from './server-card.tsx';
import { ServersCard } from './servers-card.tsx';
import { useLaunchCheck } from './use-check.ts';

export function LaunchStep() {
  const model = useModel();
  const run = useRun();
  const draft = useDraft();
  const signedIn = useApp((state) => state.cloud) !== null;
  const [password, setPassword] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const views = stagesOf('launch', run);
  const locked = isSettled('launch', run) && !views.some(({ state }) => state === 'failed');
  const cloud = cloudOf(draft.cloud);
  const { server } = draft;
  const working = isWorking(run, views);
  const check = useLaunchCheck(cloud, password, passphrase, locked || working);
  const refused = check.findings?.find(({ status }) => status === 'failed');

  const keep = async () => {
    const set = (change: Partial<Draft['server']>) =>
      model.change((now) => ({ ...now, server: { ...now.server, ...change } }));
    if (server.password === 'chosen' && password)
      set({ adminPass: await model.keep(`server ${server.name} Administrator`, password) });
    if (passphrase) set({ passphrase: await model.keep(`key ${server.privateKey}`, passphrase) });
  };

  return (
    <StepPage step="launch" busy={working}>
      {locked ? <Settled /> : null}
      {cloud ? (
        <LaunchCards
          key={`${signedIn}`}
          {...{ cloud, locked, check, password, setPassword, passphrase, setPassphrase }}
        />
      ) : null}
      <StagePanel
        step="launch"
        title="Launch"
        startLabel="Launch the server"
        before={keep}
        blocked={
          locked
            ? null
            : cloud
              ? (missing(server, password, accountOf(draft.setup)) ??
                (refused ? `${refused.title}: ${refused.text}` : null))
              : 'Sign in to the cloud in the step Publish first.'
        }
        hint={
          <>
            <Explained term="nova">Nova</Explained> starts the <Explained term="server">server</Explained>.
            Windows then sets itself up, which takes some minutes at the first start.
          </>
        }
      />
      {run && cloud && run.servers.length > 0 ? <ServersCard run={run} cloud={cloud} /> : null}
      {run && locked ? <ForgetPassword run={run} signedIn={false} key={run.id} /> : null}
      {run?.serverId ? <ServerCard run={run} /> : null}
    </StepPage>
  );
}

/** What is still to be chosen before a launch, as a sentence; null when nothing is. */
function missing(server: Draft['server'], password: string, account: string): string | null {
  if (server.allowFrom !== null && !server.allowFrom.includes('/'))
    return 'Write the range that may connect, such as 198.51.100.7/32.';
  if (!server.name.trim()) return 'Give the server a name first.';
  if (!server.flavor) return 'Choose a flavor first.';
  if (server.password === 'generated') {
    if (!server.keypair) return 'Choose a key pair: the generated password is encrypted to it.';
    return server.privateKey.trim() ? null : 'Name the private key file, which decrypts the password.';
  }
  if (password)
    return isAcceptable(password, account) ? null : 'The password does not keep all the rules yet.';
  return server.adminPass ? null : 'Type the password first.';
}
