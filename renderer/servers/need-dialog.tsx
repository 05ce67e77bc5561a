// Asks for what is missing to get into a server: a private key, its passphrase, or the password itself.
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import type { ErrorData } from '../../shared/errors.ts';
import { PageDialog } from '../parts/page-dialog.tsx';
import { PathField } from '../parts/path-field.tsx';
import { SecretField } from '../parts/secret-field.tsx';

/** What was given; only what the question was about is there. */
export interface Given {
  readonly privateKey?: string;
  readonly passphrase?: string;
  readonly password?: string;
}

/** What an error asks for; null when typing something would not help. */
export function needOf(error: ErrorData): 'key' | 'passphrase' | 'password' | null {
  switch (error.code) {
    case 'servers.needs-key':
    case 'password.wrong-key':
    case 'password.not-rsa':
    case 'password.bad-key':
    case 'password.no-key-file':
      return 'key';
    case 'password.needs-passphrase':
    case 'password.wrong-passphrase':
      return 'passphrase';
    case 'servers.needs-password':
    case 'connect.wrong-password':
      return 'password';
    default:
      return null;
  }
}

export function NeedDialog({
  error,
  accept,
  onClose,
}: {
  readonly error: ErrorData;
  readonly accept: string;
  readonly onClose: (given: Given | null) => void;
}) {
  const need = needOf(error);
  const [path, setPath] = useState('');
  const [secret, setSecret] = useState('');
  const given: Given =
    need === 'key'
      ? { privateKey: path, ...(secret ? { passphrase: secret } : {}) }
      : need === 'passphrase'
        ? { passphrase: secret }
        : { password: secret };
  const ready = need === 'key' ? path.trim() !== '' : secret !== '';
  return (
    <PageDialog
      title={error.title}
      alert
      onClose={() => onClose(null)}
      onSubmit={() => {
        if (ready) onClose(given);
      }}
      actions={
        <>
          <Button onClick={() => onClose(null)}>Cancel</Button>
          <Button type="submit" appearance="primary" disabledFocusable={!ready}>
            {accept}
          </Button>
        </>
      }
    >
      <p>
        {error.whatHappened} {error.whatToDo}
      </p>
      {need === 'key' ? (
        <PathField
          label="Private key file"
          name="Private key file"
          value={path}
          onChange={setPath}
          host={{ kind: 'local' }}
          extensions={[]}
          hint="Only its path is remembered. The key stays on this computer."
        />
      ) : null}
      <SecretField
        label={need === 'password' ? 'Password' : 'Passphrase of the key'}
        value={secret}
        onChange={setSecret}
        {...(need === 'key' ? { hint: 'Leave it empty when the key has none.' } : {})}
      />
    </PageDialog>
  );
}
