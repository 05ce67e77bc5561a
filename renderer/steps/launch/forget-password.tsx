import { useEffect, useState } from 'react';
import type { RunView } from '../../../shared/views.ts';
import { StandingPassword } from '../../parts/standing-password.tsx';
import { useAction, useModel } from '../../state/app.tsx';

/** Offers to take a chosen password out of the metadata of a launch, as long as it stands there. */
export function ForgetPassword({ run, signedIn }: { readonly run: RunView; readonly signedIn: boolean }) {
  const { client } = useModel();
  const [standing, setStanding] = useState(0);
  const [removed, setRemoved] = useState(false);
  const wanted = run.plan.server?.adminPass !== undefined && run.serverId !== null;
  const look = useAction(async () =>
    setStanding(wanted ? (await client.call('launch.passwords', { run: run.id })).standing : 0),
  );
  const forget = useAction(async () => {
    await client.call('launch.forgetPasswords', { run: run.id });
    setRemoved(true);
  });
  const { run: ask } = look;
  useEffect(() => void ask(), [ask]);
  return standing === 0 ? null : <StandingPassword {...{ forget, removed, signedIn }} />;
}
