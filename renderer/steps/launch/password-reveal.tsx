import { Button, Input, MessageBar, MessageBarBody } from '@fluentui/react-components';
import { EyeOffRegular, EyeRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { RunView, ServerPassword } from '../../../shared/views.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { useAction, useModel } from '../../state/app.tsx';
import { passwordOf } from './password-of.ts';

/** How long a password stays on the screen, in seconds. */
const SHOWN = 30;

/** Shows the Administrator password for a while, or says why there is none. */
export function PasswordReveal({ run }: { readonly run: RunView }) {
  const model = useModel();
  const [found, setFound] = useState<ServerPassword | null>(null);
  const [left, setLeft] = useState(0);
  const reveal = useAction(async () => {
    const password = await passwordOf(model, run);
    setFound(password);
    setLeft(password.state === 'known' ? SHOWN : 0);
  });
  useEffect(() => {
    if (left === 0) return;
    const timer = setTimeout(() => {
      setLeft(left - 1);
      if (left === 1) setFound(null);
    }, 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return (
    <div className="stack">
      <div className="row">
        {found?.state === 'known' ? (
          <>
            <Input readOnly value={found.password} aria-label="Administrator password" className="mono" />
            <CopyButton text={found.password} label="Copy password" />
            <Button
              appearance="subtle"
              icon={<EyeOffRegular />}
              onClick={() => {
                setFound(null);
                setLeft(0);
              }}
            >
              Hide ({left} s)
            </Button>
          </>
        ) : (
          <Button icon={<EyeRegular />} disabledFocusable={reveal.busy} onClick={() => void reveal.run()}>
            {reveal.busy ? 'Asking…' : 'Show the password'}
          </Button>
        )}
      </div>
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
