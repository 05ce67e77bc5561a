// Step 7: a first server from the image: its size, network, key pair and password.

import { useState } from 'react';
import { isAcceptable } from '../../../shared/passwords.ts';
import type { CloudSource } from '../../../shared/plan.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { Settled } from '../../parts/settled.tsx';
import { isWorking, StagePanel } from '../../parts/stage-panel.tsx';
import { StepPage } from '../../parts/step-page.tsx';
import { Explained } from '../../parts/term.tsx';
import { useApp, useDraft, useModel, useRun } from '../../state/app.tsx';
import type { Draft } from '../../state/draft.ts';
import { cloudOf } from '../../state/draft-plan.ts';
import { isSettled, stagesOf } from '../../state/gating.ts';
import { AdvancedCard } from './advanced-card.tsx';
import { CheckCard } from './check-card.tsx';
import { FlavorCard } from './flavor-card.tsx';
import { ForgetPassword } from './forget-password.tsx';
import { KeypairCard } from './keypair-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { ReachCard } from './reach-card.tsx';
import { ServerCard } from './server-card.tsx';
import { ServerNameCard } from './server-name-card.tsx';
import { ServersCard } from './servers-card.tsx';
import { useLaunchCheck } from './use-check.ts';
import { useLoaded } from './use-cloud.ts';

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
        <fieldset className="plain" disabled={locked} aria-label="Server">
          <ServerNameCard cloud={cloud} key={`network ${signedIn}`} />
          <FlavorCard cloud={cloud} key={`flavor ${signedIn} ${server.volumeGB > 0}`} />
          <KeypairCard
            cloud={cloud}
            passphrase={passphrase}
            setPassphrase={setPassphrase}
            key={`key ${signedIn}`}
          />
          <PasswordCard password={password} setPassword={setPassword} />
          <MoreCards cloud={cloud} key={`more ${signedIn}`} />
        </fieldset>
      ) : null}
      {check.findings || check.error ? <CheckCard {...check} findings={check.findings ?? []} /> : null}
      <StagePanel
        step="launch"
        title="Launch"
        startLabel="Launch the server"
        before={keep}
        blocked={
          locked
            ? null
            : cloud
              ? (missing(server, password) ?? (refused ? `${refused.title}: ${refused.text}` : null))
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

/** What is asked of the cloud once for all further cards. */
function MoreCards({ cloud }: { readonly cloud: CloudSource }) {
  const { client } = useModel();
  const options = useLoaded(() => client.call('launch.options', { cloud }));
  const networks = useLoaded(() => client.call('cloud.networks', { cloud }));
  return (
    <>
      {options.error ? <ErrorCard error={options.error} /> : null}
      <ReachCard options={options.value} networks={networks.value ?? []} />
      <AdvancedCard options={options.value} />
    </>
  );
}

/** What is still to be chosen before a launch, as a sentence; null when nothing is. */
function missing(server: Draft['server'], password: string): string | null {
  if (server.allowFrom !== null && !server.allowFrom.includes('/'))
    return 'Write the range that may connect, such as 198.51.100.7/32.';
  if (!server.name.trim()) return 'Give the server a name first.';
  if (!server.flavor) return 'Choose a flavor first.';
  if (server.password === 'generated') {
    if (!server.keypair) return 'Choose a key pair: the generated password is encrypted to it.';
    return server.privateKey.trim() ? null : 'Name the private key file, which decrypts the password.';
  }
  if (password) return isAcceptable(password) ? null : 'The password does not keep all the rules yet.';
  return server.adminPass ? null : 'Type the password first.';
}
