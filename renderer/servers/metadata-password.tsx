import { useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import { StandingPassword } from '../parts/standing-password.tsx';
import { useAction, useModel } from '../state/app.tsx';

/** Offers to take the chosen password of one server out of its metadata, as long as it stands there. */
export function MetadataPassword({
  cloud,
  server,
  standing,
  signedIn,
  onRemoved,
}: {
  readonly cloud: CloudSource;
  readonly server: string;
  readonly standing: boolean;
  readonly signedIn: boolean;
  readonly onRemoved: () => void;
}) {
  const { client } = useModel();
  const [removed, setRemoved] = useState(false);
  const forget = useAction(async () => {
    await client.call('servers.forgetPassword', { cloud, server });
    setRemoved(true);
    onRemoved();
  });
  return standing || removed ? <StandingPassword {...{ forget, removed, signedIn }} /> : null;
}
