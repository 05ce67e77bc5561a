import { Button, Spinner } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { CodeBox } from '../../parts/code-box.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
import { PageDialog } from '../../parts/page-dialog.tsx';
import { useAction, useDraft, useModel } from '../../state/app.tsx';
import { planOf } from '../../state/draft-plan.ts';
import { planError } from '../../state/plan-error.ts';

/** The command that starts the machine, exactly as Casement will run it on the host. */
export function CommandDialog({ onClose }: { readonly onClose: () => void }) {
  const { client } = useModel();
  const draft = useDraft();
  const [shell, setShell] = useState<string | null>(null);
  const load = useAction(async () => {
    const { plan, problems } = planOf(draft);
    if (!plan) throw planError(problems ?? []);
    const run = draft.run ? { run: draft.run } : {};
    setShell((await client.call('machine.command', { plan, ...run })).shell);
  });
  const { run } = load;
  useEffect(() => void run(), [run]);
  return (
    <PageDialog
      title="The QEMU command"
      className="wide-dialog"
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <p className="hint">
        Casement runs this on the host. You need not; it is shown so that nothing is hidden.
      </p>
      {load.error ? <ErrorCard error={load.error} /> : null}
      {shell === null ? (
        load.busy ? (
          <Spinner label="Asking" />
        ) : null
      ) : (
        <CodeBox tall label="QEMU command" text={shell} />
      )}
    </PageDialog>
  );
}
