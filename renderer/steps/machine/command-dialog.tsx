import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { CodeBox } from '../../parts/code-box.tsx';
import { ErrorCard } from '../../parts/error-card.tsx';
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
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className="wide-dialog">
        <DialogBody>
          <DialogTitle>The QEMU command</DialogTitle>
          <DialogContent className="stack">
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
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
