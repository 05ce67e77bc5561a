import { Button } from '@fluentui/react-components';
import type { CloudSource } from '../../shared/plan.ts';
import { PageDialog } from '../parts/page-dialog.tsx';
import { ServerConsole } from '../screen/server-console.tsx';

/** The console of a server over the page; wide enough for a screen of 1024x768. */
export function ConsoleDialog({
  cloud,
  server,
  name,
  onClose,
}: {
  readonly cloud: CloudSource;
  readonly server: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  return (
    <PageDialog
      title={
        <span className="dialog-name" title={name}>
          Console of <bdi>{name}</bdi>
        </span>
      }
      className="console-dialog"
      onClose={onClose}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <ServerConsole {...{ cloud, server, name }} />
    </PageDialog>
  );
}
