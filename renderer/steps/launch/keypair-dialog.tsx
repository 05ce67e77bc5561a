import { Button, Field, Input } from '@fluentui/react-components';
import { useState } from 'react';
import type { CloudSource } from '../../../shared/plan.ts';
import { ErrorCard } from '../../parts/error-card.tsx';
import { PageDialog } from '../../parts/page-dialog.tsx';
import { PathField } from '../../parts/path-field.tsx';
import { useAction, useModel } from '../../state/app.tsx';

/** Makes an RSA key pair, or imports the public half of one that exists. */
export function KeypairDialog({
  cloud,
  kind,
  onDone,
  onClose,
}: {
  readonly cloud: CloudSource;
  readonly kind: 'create' | 'import';
  /** `privateKey` is the file that was written, or null after an import. */
  readonly onDone: (name: string, privateKey: string | null) => void;
  readonly onClose: () => void;
}) {
  const { client } = useModel();
  const [name, setName] = useState('');
  const [file, setFile] = useState('');
  const work = useAction(async () => {
    if (kind === 'create') {
      const args = { cloud, name: name.trim(), ...(file ? { privateKey: file } : {}) };
      const made = await client.call('cloud.keypair.create', args);
      onDone(made.name, made.privateKey);
    } else {
      const made = await client.call('cloud.keypair.import', {
        cloud,
        name: name.trim(),
        publicKeyFile: file,
      });
      onDone(made.name, null);
    }
  });
  const ready = name.trim() !== '' && (kind === 'create' || file !== '');
  const title = kind === 'create' ? 'Create a key pair' : 'Import a public key';
  return (
    <PageDialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            appearance="primary"
            disabledFocusable={!ready || work.busy}
            onClick={() => void work.run()}
          >
            {kind === 'create' ? 'Create' : 'Import'}
          </Button>
        </>
      }
    >
      <Field label="Name of the key pair">
        <Input value={name} autoFocus spellCheck={false} onChange={(_, data) => setName(data.value)} />
      </Field>
      {kind === 'create' ? (
        <Field
          label="Save the private key to (optional)"
          hint="Empty: Casement’s own folder. Only you can read the file; the cloud never sees it."
        >
          <Input value={file} spellCheck={false} onChange={(_, data) => setFile(data.value)} />
        </Field>
      ) : (
        <PathField
          label="Public key file"
          name="Public key file"
          hint="An RSA key, usually id_rsa.pub."
          host={{ kind: 'local' }}
          value={file}
          extensions={['pub']}
          onChange={setFile}
        />
      )}
      {work.error ? <ErrorCard error={work.error} /> : null}
    </PageDialog>
  );
}
