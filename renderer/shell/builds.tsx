import { Button } from '@fluentui/react-components';
import { AddRegular, DeleteRegular, OpenRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { RunView } from '../../shared/views.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { Ellipsis } from '../parts/ellipsis.tsx';
import { ErrorCard } from '../parts/error-card.tsx';
import { formatTime } from '../parts/format.ts';
import { PageDialog } from '../parts/page-dialog.tsx';
import { useAction, useApp, useModel } from '../state/app.tsx';
import { newBuild } from '../state/draft.ts';
import { runSentence, stepOfRun } from './run-words.ts';

/** Every build there is: open one, remove one, begin a new one. */
export function Builds({ onClose }: { readonly onClose: () => void }) {
  const model = useModel();
  const runs = useApp((state) => state.runs);
  const [removing, setRemoving] = useState<RunView | null>(null);
  const [said, setSaid] = useState('');
  const remove = useAction(async (run: RunView) => {
    const cleaned = await model.removeRun(run.id);
    setSaid(['Removed.', ...cleaned].join(' '));
  });
  const newestFirst = runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  return (
    <>
      <PageDialog
        title="Builds"
        className="wide-dialog"
        onClose={onClose}
        actions={
          <>
            <Button
              icon={<AddRegular />}
              onClick={() => {
                model.change(newBuild);
                onClose();
              }}
            >
              New build
            </Button>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </>
        }
      >
        {newestFirst.length === 0 ? (
          <p className="empty">
            No build was started yet. Walk through the steps; the build appears here once it starts.
          </p>
        ) : (
          <ul className="builds" aria-label="Builds">
            {newestFirst.map((run) => (
              <li key={run.id}>
                <div className="build-words">
                  <strong>
                    <Ellipsis text={run.plan.name} />
                  </strong>
                  <span className="hint">
                    {runSentence(run)} · begun {formatTime(run.createdAt)}
                  </span>
                </div>
                <Button
                  icon={<OpenRegular />}
                  aria-label={`Open build ${run.plan.name}`}
                  onClick={() => {
                    model.openRun(run, stepOfRun(run));
                    onClose();
                  }}
                >
                  Open
                </Button>
                <Button
                  icon={<DeleteRegular />}
                  appearance="subtle"
                  aria-label={`Remove build ${run.plan.name}`}
                  disabledFocusable={remove.busy}
                  onClick={() => setRemoving(run)}
                />
              </li>
            ))}
          </ul>
        )}
        {said ? <p role="status">{said}</p> : null}
        {remove.error ? <ErrorCard error={remove.error} /> : null}
      </PageDialog>
      {removing ? (
        <ConfirmDialog
          title={`Remove “${removing.plan.name}”?`}
          text="Its work folder on the host goes with it: the disk, the machine and the log. An image or a server in the cloud stays."
          accept="Remove"
          onClose={(yes) => {
            setRemoving(null);
            if (yes) void remove.run(removing);
          }}
        />
      ) : null}
    </>
  );
}
