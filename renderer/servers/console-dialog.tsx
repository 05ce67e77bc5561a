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
import { ArrowClockwiseRegular, OpenRegular } from '@fluentui/react-icons';
import type { CloudSource } from '../../shared/plan.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorCard } from '../parts/error-card.tsx';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import { useModel } from '../state/app.tsx';
import { useLoaded } from '../steps/launch/use-cloud.ts';

/** What a server writes to its serial port, and the way to its screen. */
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
  const { client } = useModel();
  const { value, busy, error, reload } = useLoaded(() => client.call('servers.console', { cloud, server }));
  const url = value?.screen?.url ?? null;
  return (
    <Dialog open onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface className="wide-dialog">
        <DialogBody>
          <DialogTitle>Console of {name}</DialogTitle>
          <DialogContent className="stack">
            {error ? <ErrorCard error={error} /> : null}
            {busy && !value ? <Spinner label="Asking Nova" /> : null}
            {url ? (
              <div className="row">
                {url.startsWith('https:') ? (
                  <Button
                    icon={<OpenRegular />}
                    onClick={() => void client.call('desktop.openExternal', { url })}
                  >
                    Open the screen in the browser
                  </Button>
                ) : null}
                <CopyButton text={url} label="Copy the address of the screen" />
                <span className="hint">Whoever has this address sees the screen, for a few minutes.</span>
              </div>
            ) : null}
            {value?.refused ? <p className="hint">No screen: {value.refused}</p> : null}
            {value ? (
              <section aria-label="Log" className="code-text" {...SCROLL_REGION}>
                <pre>{value.log || 'Nothing was written to the serial port yet.'}</pre>
              </section>
            ) : null}
          </DialogContent>
          <DialogActions>
            <Button icon={<ArrowClockwiseRegular />} disabledFocusable={busy} onClick={reload}>
              Refresh
            </Button>
            <Button appearance="primary" onClick={onClose}>
              Close
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
