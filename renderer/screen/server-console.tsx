import { Button, Spinner, Tab, TabList, useUncontrolledFocus } from '@fluentui/react-components';
import { ArrowClockwiseRegular, OpenRegular } from '@fluentui/react-icons';
import { useEffect, useRef, useState } from 'react';
import type { CloudSource } from '../../shared/plan.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { ErrorCard } from '../parts/error-card.tsx';
import { SCROLL_REGION } from '../parts/scroll-region.ts';
import { useAction, useModel } from '../state/app.tsx';
import { CTRL_ALT_DEL, pressTogether } from './keys.ts';
import { useScreen } from './use-screen.ts';

const LINES = 300;

/** What a server says on its serial port, and its screen through Nova's console proxy. */
export function ServerConsole({
  cloud,
  server,
  name,
}: {
  readonly cloud: CloudSource;
  readonly server: string;
  readonly name: string;
}) {
  const [tab, setTab] = useState<'log' | 'screen' | 'browser'>('log');
  return (
    <section className="stack server-console" aria-label={`Console of ${name}`}>
      <TabList selectedValue={tab} onTabSelect={(_, { value }) => setTab(value as typeof tab)}>
        <Tab value="log">Console log</Tab>
        <Tab value="screen">Screen</Tab>
        <Tab value="browser">In the browser</Tab>
      </TabList>
      {tab === 'log' ? <Log cloud={cloud} server={server} /> : null}
      {tab === 'screen' ? <Picture cloud={cloud} server={server} name={name} /> : null}
      {tab === 'browser' ? <Elsewhere cloud={cloud} server={server} /> : null}
    </section>
  );
}

interface Where {
  readonly cloud: CloudSource;
  readonly server: string;
}

function Log({ cloud, server }: Where) {
  const { client } = useModel();
  const [text, setText] = useState<string | null>(null);
  const load = useAction(async () =>
    setText((await client.call('console.log', { cloud, server, lines: LINES })).text),
  );
  const { run } = load;
  useEffect(() => void run(), [run]);
  // What was written last is what one looks for.
  const end = (region: HTMLElement | null) => region?.scrollTo({ top: region.scrollHeight });
  return (
    <>
      <div className="row">
        <Button
          size="small"
          icon={<ArrowClockwiseRegular />}
          disabledFocusable={load.busy}
          onClick={() => void run()}
        >
          Read again
        </Button>
        <span className="hint">The serial console; Cloudbase-Init reports here.</span>
      </div>
      {load.error ? <ErrorCard error={load.error} /> : null}
      {text === null && load.busy ? <Spinner label="Asking Nova" /> : null}
      {text === null ? null : (
        <section
          key={text}
          ref={end}
          className="console-log"
          aria-label="Log"
          data-testid="console-log"
          {...SCROLL_REGION}
        >
          <pre>{text || 'Nothing was written yet.'}</pre>
        </section>
      )}
    </>
  );
}

function Picture({ cloud, server, name }: Where & { readonly name: string }) {
  const { client } = useModel();
  const place = useRef<HTMLDivElement>(null);
  const [source] = useState({ cloud, server });
  const screen = useScreen(client, source, place, { fit: true, viewOnly: false });
  const connected = screen.state === 'connected';
  // Else Tab would go to the next control of a dialog and never to the guest.
  const guestHasTab = useUncontrolledFocus();
  return (
    <>
      <div className="row">
        <Button
          size="small"
          disabledFocusable={!connected}
          onClick={() =>
            screen.withRfb((rfb) => {
              pressTogether(rfb, CTRL_ALT_DEL.keys);
              rfb.focus({ preventScroll: true });
            })
          }
        >
          {CTRL_ALT_DEL.label}
        </Button>
        <span className="hint">
          Click into the screen to type in the server, also Esc and Tab. Click beside it to leave.
        </span>
      </div>
      <section className="screen-frame server-screen" aria-label={`Screen of ${name}`}>
        <div ref={place} className="screen-place" data-testid="server-vnc" {...guestHasTab} />
        {connected ? null : (
          <div className="screen-veil" role="status">
            {screen.error ? <ErrorCard error={screen.error} /> : <Spinner label="Opening the screen" />}
          </div>
        )}
      </section>
    </>
  );
}

function Elsewhere({ cloud, server }: Where) {
  const { client } = useModel();
  const [url, setUrl] = useState<string | null>(null);
  const find = useAction(async () => {
    const found = await client.call('console.url', { cloud, server });
    setUrl(found.url);
    if (found.url.startsWith('https:')) await client.call('desktop.openExternal', { url: found.url });
  });
  return (
    <>
      <p className="hint">
        noVNC, SPICE or serial, whichever this cloud offers. Whoever has the address can use the console for
        some minutes.
      </p>
      <div className="row">
        <Button icon={<OpenRegular />} disabledFocusable={find.busy} onClick={() => void find.run()}>
          Open the console in the browser
        </Button>
        {url ? <CopyButton text={url} label="Copy its address" /> : null}
      </div>
      {url && !url.startsWith('https:') ? (
        <p className="hint">
          This cloud shows it without TLS: copy the address into a browser if you trust the network.
        </p>
      ) : null}
      {find.error ? <ErrorCard error={find.error} /> : null}
    </>
  );
}
