import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import type { CloudSource } from '../../shared/plan.ts';
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
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className="console-dialog">
        <DialogBody>
          <DialogTitle>
            <span className="dialog-name" title={name}>
              Console of <bdi>{name}</bdi>
            </span>
          </DialogTitle>
          <DialogContent>
            <ServerConsole {...{ cloud, server, name }} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>Close</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
