import { Button } from '@fluentui/react-components';
import { CopyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { PASSWORD_STAYS } from '../../../shared/passwords.ts';
import type { RunView } from '../../../shared/views.ts';
import { copyPassword } from '../../parts/copy.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { useAction, useModel } from '../../state/app.tsx';
import { passwordOf } from '../launch/password-of.ts';

/** Puts the Administrator password on the clipboard without showing it. */
export function CopyPassword({ run }: { readonly run: RunView }) {
  const model = useModel();
  const [said, setSaid] = useState('');
  const copy = useAction(async () => {
    setSaid('');
    const found = await passwordOf(model, run);
    if (found.state !== 'known') setSaid(found.reason);
    else if (await copyPassword(model.client, found.password))
      setSaid(
        `Copied. Paste it when Windows App asks for it; the clipboard is emptied after ${PASSWORD_STAYS} seconds.`,
      );
    else setSaid('The clipboard cannot be reached from here. Show the password below and copy it by hand.');
  });
  return (
    <>
      <div className="row">
        <Button icon={<CopyRegular />} disabledFocusable={copy.busy} onClick={() => void copy.run()}>
          Copy password
        </Button>
        <span role="status">{said}</span>
      </div>
      {copy.error ? <ErrorCard error={copy.error} /> : null}
    </>
  );
}
