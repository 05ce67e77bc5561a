import { Button, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { EyeRegular } from '@fluentui/react-icons';
import { useCallback, useState } from 'react';
import type { RunView, ServerPassword } from '../../../shared/views.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { ShownPassword } from '../../parts/shown-password.tsx';
import { useAction, useModel } from '../../state/app.tsx';
import { passwordOf } from './password-of.ts';

/** Shows the Administrator password for a while, or says why there is none. */
export function PasswordReveal({ run }: { readonly run: RunView }) {
  const model = useModel();
  const [found, setFound] = useState<ServerPassword | null>(null);
  const reveal = useAction(async () => setFound(await passwordOf(model, run)));
  const hide = useCallback(() => setFound(null), []);
  return (
    <div className="stack">
      {found?.state === 'known' ? (
        <ShownPassword label="Administrator password" password={found.password} onHide={hide} />
      ) : (
        <div className="row">
          <Button icon={<EyeRegular />} disabledFocusable={reveal.busy} onClick={() => void reveal.run()}>
            {reveal.busy ? 'Asking…' : 'Show the password'}
          </Button>
        </div>
      )}
      {found && found.state !== 'known' ? (
        <MessageBar intent={found.state === 'never' ? 'warning' : 'info'} layout="multiline">
          <MessageBarBody>
            {found.state === 'not-yet'
              ? 'Windows has not reported its password yet. '
              : 'There will be no password. '}
            {found.reason}
          </MessageBarBody>
        </MessageBar>
      ) : null}
      {reveal.error ? <ErrorCard error={reveal.error} /> : null}
    </div>
  );
}
