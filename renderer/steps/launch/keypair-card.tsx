import { Button, Field, Select } from '@fluentui/react-components';
import { AddRegular, ArrowImportRegular, KeyRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { CloudSource } from '../../../shared/plan.ts';
import type { KeypairView } from '../../../shared/views.ts';
import { Card } from '../../parts/card.tsx';
import { PathField } from '../../parts/path-field.tsx';
import { SecretField } from '../../parts/secret-field.tsx';
import { Explained } from '../../parts/term.tsx';
import { useDraft, useModel } from '../../state/app.tsx';
import { KeypairDialog } from './keypair-dialog.tsx';
import type { Loaded } from './use-cloud.ts';

/** The key pair to which the generated password is encrypted, and its private half. */
export function KeypairCard({
  cloud,
  pairs,
  passphrase,
  setPassphrase,
}: {
  readonly cloud: CloudSource;
  readonly pairs: Loaded<KeypairView[]>;
  readonly passphrase: string;
  readonly setPassphrase: (value: string) => void;
}) {
  const model = useModel();
  const { server } = useDraft();
  const [dialog, setDialog] = useState<'create' | 'import' | null>(null);
  const edit = (change: Partial<typeof server>) =>
    model.change((draft) => ({ ...draft, server: { ...draft.server, ...change } }));
  const list = pairs.value ?? [];
  const chosen = list.find(({ name }) => name === server.keypair);
  return (
    <Card
      title="Key pair"
      icon={<KeyRegular />}
      hint={
        <>
          The <Explained term="keypair">key pair</Explained> protects the generated Administrator password on
          its way to you.
        </>
      }
      action={
        <div className="row">
          <Button size="small" icon={<AddRegular />} onClick={() => setDialog('create')}>
            Create a key pair
          </Button>
          <Button size="small" icon={<ArrowImportRegular />} onClick={() => setDialog('import')}>
            Import a public key
          </Button>
        </div>
      }
    >
      <div className="grid two">
        <Field
          label="Key pair"
          {...(pairs.value?.length === 0 ? { hint: 'There is none yet: create one.' } : {})}
          {...(chosen && !chosen.canReceivePassword
            ? {
                validationMessage:
                  'Only an RSA key can receive a Windows password. Create one, or choose the password yourself.',
              }
            : {})}
          {...(pairs.value && server.keypair && !chosen
            ? { validationMessage: 'This account has no key pair of this name.' }
            : {})}
        >
          <Select value={server.keypair} onChange={(_, data) => edit({ keypair: data.value })}>
            <option value="">None</option>
            {server.keypair && !chosen ? <option value={server.keypair}>{server.keypair}</option> : null}
            {list.map(({ name, type, canReceivePassword }) => (
              <option key={name} value={name}>
                {name} ({type}
                {canReceivePassword ? '' : ', cannot receive a password'})
              </option>
            ))}
          </Select>
        </Field>
        <PathField
          label="Private key file"
          name="Private key file"
          hint="Stays on this workstation; it decrypts the generated password."
          host={{ kind: 'local' }}
          value={server.privateKey}
          extensions={[]}
          onChange={(privateKey) => edit({ privateKey })}
        />
        <SecretField
          label="Passphrase of the private key"
          hint="Only if the key file is locked."
          value={passphrase}
          placeholder={server.passphrase ? 'Kept from last time' : undefined}
          onChange={setPassphrase}
        />
      </div>
      {dialog ? (
        <KeypairDialog
          cloud={cloud}
          kind={dialog}
          onClose={() => setDialog(null)}
          onDone={(name, privateKey) => {
            setDialog(null);
            edit({ keypair: name, ...(privateKey ? { privateKey } : {}) });
            pairs.reload();
          }}
        />
      ) : null}
    </Card>
  );
}
