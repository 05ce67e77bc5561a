// One server: what it is, its desktop, its password, and what can be done to it.
import { Button, Spinner } from '@fluentui/react-components';
import {
  ArrowClockwiseRegular,
  DeleteRegular,
  DesktopArrowRightRegular,
  DismissRegular,
  KeyRegular,
  PlayRegular,
  PowerRegular,
  SaveRegular,
  WindowConsoleRegular,
} from '@fluentui/react-icons';
import { useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import type { ServerRow } from '../../shared/views-servers.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorCard } from '../parts/error-card.tsx';
import { formatTime, visibleName } from '../parts/format.ts';
import { ShownPassword } from '../parts/shown-password.tsx';
import { useAction, useApp, useModel } from '../state/app.tsx';
import { sessionWords } from '../steps/connect/ending.ts';
import { ConsoleDialog } from './console-dialog.tsx';
import { MetadataPassword } from './metadata-password.tsx';
import { stateWords } from './server-columns.tsx';
import type { useConnect } from './use-connect.ts';
import type { RowChange } from './use-servers.ts';

/** Errors that are over once the certificate trusted before is forgotten. */
const FORGETTABLE = new Set(['connect.certificate-changed', 'connect.trust-unreadable']);

export function ServerPanel({
  row,
  cloud,
  connect,
  onClose,
  onChanged,
  onRemoved,
  onSave,
}: {
  readonly row: ServerRow;
  readonly cloud: CloudSource;
  readonly connect: ReturnType<typeof useConnect>;
  readonly onClose: () => void;
  readonly onChanged: (change: RowChange) => void;
  readonly onRemoved: (id: string) => void;
  /** Saves it as a .rdp file. */
  readonly onSave: () => void;
}) {
  const { client } = useModel();
  const [deleting, setDeleting] = useState(false);
  const [console, setConsole] = useState(false);
  const session = useApp(({ sessions }) => sessions.findLast(({ server }) => server === row.id) ?? null);
  const act = useAction(async (action: 'start' | 'stop' | 'reboot') =>
    onChanged(await client.call('servers.action', { cloud, server: row.id, action })),
  );
  const remove = useAction(async () => {
    await client.call('servers.delete', { cloud, server: row.id });
    onRemoved(row.id);
  });
  const going = connect.going?.row.id === row.id ? connect.going : null;
  const name = visibleName(row.name);
  const off = row.status === 'SHUTOFF';
  const error = act.error ?? remove.error ?? session?.error ?? null;
  return (
    <aside className="server-panel" aria-label={`Server ${name}`}>
      <div className="server-panel-head">
        <h2 title={name}>
          <bdi>{name}</bdi>
        </h2>
        <Button
          appearance="subtle"
          size="small"
          icon={<DismissRegular />}
          aria-label="Close"
          onClick={onClose}
        />
      </div>
      <div className="row">
        <Button
          appearance="primary"
          icon={<DesktopArrowRightRegular />}
          disabledFocusable={going?.busy ?? false}
          onClick={() => void connect.begin('connect', row)}
        >
          Connect
        </Button>
        <Button
          icon={<KeyRegular />}
          disabledFocusable={going?.busy ?? false}
          onClick={() => void connect.begin('password', row)}
        >
          Show password
        </Button>
      </div>
      <div role="status" className="stack">
        {going?.busy ? (
          <div className="row nowrap">
            <Spinner size="extra-tiny" />
            <span className="grow">{going.message}</span>
            {going.wish === 'connect' ? (
              <Button size="small" onClick={connect.cancel}>
                Cancel
              </Button>
            ) : null}
          </div>
        ) : going?.message ? (
          <p>{going.message}</p>
        ) : null}
        {session ? <p className="hint">Desktop: {sessionWords(session)[1]}</p> : null}
      </div>
      {going?.password ? (
        <ShownPassword label="Password of the server" password={going.password} onHide={connect.hide} />
      ) : null}
      {going?.error && !connect.asks ? (
        <ErrorCard error={going.error}>
          {FORGETTABLE.has(going.error.code) ? (
            <Button size="small" onClick={() => void connect.forget()}>
              Forget the old certificate
            </Button>
          ) : null}
        </ErrorCard>
      ) : null}
      {error ? <ErrorCard error={error} /> : null}
      <MetadataPassword
        {...{ cloud, server: row.id }}
        standing={row.passwordStands}
        signedIn={session?.state === 'open' || session?.state === 'closed'}
        onRemoved={() => onChanged({ id: row.id, passwordStands: false })}
      />
      <dl className="facts">
        <Fact title="State" text={stateWords(row.status)} />
        {row.fault === null ? null : (
          <Fact title="Nova’s reason" text={visibleName(row.fault)} className="fault" />
        )}
        {row.addresses.map(({ address, network, floating }) => (
          <div key={address}>
            <dt>{floating ? 'Floating IP' : visibleName(network)}</dt>
            <dd className="row nowrap">
              <code>{address}</code>
              <CopyButton text={address} size="small" appearance="subtle" label="Copy" />
            </dd>
          </div>
        ))}
        <Fact title="Image" text={visibleName(row.imageName ?? 'from a volume, or deleted')} />
        <Fact title="Flavor" text={visibleName(row.flavor)} />
        <Fact title="Key pair" text={visibleName(row.keypair ?? 'none')} />
        <Fact title="Created" text={formatTime(row.created)} />
      </dl>
      <div className="row">
        {off ? (
          <Button icon={<PlayRegular />} disabledFocusable={act.busy} onClick={() => void act.run('start')}>
            Start
          </Button>
        ) : (
          <Button icon={<PowerRegular />} disabledFocusable={act.busy} onClick={() => void act.run('stop')}>
            Stop
          </Button>
        )}
        <Button
          icon={<ArrowClockwiseRegular />}
          disabledFocusable={act.busy || off}
          onClick={() => void act.run('reboot')}
        >
          Reboot
        </Button>
        <Button icon={<SaveRegular />} disabledFocusable={row.addresses.length === 0} onClick={onSave}>
          Save as .rdp
        </Button>
        <Button icon={<WindowConsoleRegular />} onClick={() => setConsole(true)}>
          Console
        </Button>
        <Button icon={<DeleteRegular />} disabledFocusable={remove.busy} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      </div>
      {console ? (
        <ConsoleDialog {...{ cloud, name }} server={row.id} onClose={() => setConsole(false)} />
      ) : null}
      {deleting ? (
        <ConfirmDialog
          title={`Delete “${name}”?`}
          text="The server and its disk are gone for good. Its image stays."
          accept="Delete"
          onClose={(yes) => {
            setDeleting(false);
            if (yes) void remove.run();
          }}
        />
      ) : null}
    </aside>
  );
}

function Fact({
  title,
  text,
  className,
}: {
  readonly title: string;
  readonly text: string;
  readonly className?: string;
}) {
  return (
    <div className={className}>
      <dt>{title}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </div>
  );
}
