import { Button, MessageBar, MessageBarActions, MessageBarBody } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { RunView } from '../../../shared/views.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { useAction, useModel } from '../../state/app.tsx';

/** Offers to take a chosen password out of the metadata, as long as it stands there. */
export function ForgetPassword({ run }: { readonly run: RunView }) {
  const { client } = useModel();
  const [standing, setStanding] = useState(0);
  const [removed, setRemoved] = useState(false);
  const wanted = run.plan.server?.adminPass !== undefined && run.serverId !== null;
  const look = useAction(async () =>
    setStanding(wanted ? (await client.call('launch.passwords', { run: run.id })).standing : 0),
  );
  const forget = useAction(async () => {
    await client.call('launch.forgetPasswords', { run: run.id });
    setStanding(0);
    setRemoved(true);
  });
  const { run: ask } = look;
  useEffect(() => void ask(), [ask]);
  if (forget.error) return <ErrorCard error={forget.error} />;
  if (removed)
    return (
      <MessageBar intent="success">
        <MessageBarBody>
          The password is out of the metadata. It stays the password of the server.
        </MessageBarBody>
      </MessageBar>
    );
  if (standing === 0) return null;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        The chosen password still stands in the metadata, where everybody in the project can read it. Once you
        have signed in it is not needed there any more.
      </MessageBarBody>
      <MessageBarActions>
        <Button disabledFocusable={forget.busy} onClick={() => void forget.run()}>
          Remove the password from the metadata
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}
