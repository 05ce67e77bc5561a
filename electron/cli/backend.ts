// The backend of a command: made for it, closed after it, with the terminal as the place to ask.
import type { CallArgs, CallName, CallResult } from '../../shared/contract.ts';
import type { CloudSource, HostSpec } from '../../shared/plan.ts';
import type { ProbeReport } from '../../shared/views.ts';
import { createClouds } from '../backend/clouds.ts';
import { createEvents } from '../backend/events.ts';
import { defaultHome, openHome } from '../backend/home.ts';
import { createHosts, type Hosts } from '../backend/hosts.ts';
import { createSecrets } from '../backend/secrets.ts';
import { type Backend, createBackend } from '../backend.ts';
import type { Cloud } from '../cloud/types.ts';
import { noDesktop } from '../desktop/none.ts';
import type { Secrets } from '../desktop/port.ts';
import type { Host } from '../host/types.ts';
import { visibleLines } from './output.ts';
import { terminalAsk } from './terminal.ts';

/** A backend with typed calls. */
export interface CliBackend extends Pick<Backend, 'on' | 'close'> {
  call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallResult<N>>;
}

/** Gives `use` a backend and closes it afterwards. */
export async function withBackend<T>(use: (backend: CliBackend) => Promise<T>): Promise<T> {
  const backend = await createBackend({
    front: 'cli',
    desktop: noDesktop,
    ask: terminalAsk(),
    onUnchecked,
  });
  try {
    return await use({
      on: backend.on,
      close: backend.close,
      call: async <N extends CallName>(name: N, args: CallArgs<N>) =>
        (await backend.call(name, args)) as CallResult<N>,
    });
  } finally {
    await backend.close();
  }
}

/** Gives `use` a connected host, for commands that need nothing checked there. */
export async function withOpenHost<T>(spec: HostSpec, use: (host: Host) => Promise<T>): Promise<T> {
  return await withHosts(async (hosts) => use(await hosts.open(spec)));
}

/** Gives `use` a connected host with its probe, for commands that need no run. */
export async function withProbedHost<T>(
  spec: HostSpec,
  use: (host: Host, probe: ProbeReport) => Promise<T>,
): Promise<T> {
  return await withHosts(async (hosts) => use(await hosts.open(spec), await hosts.probe(spec)));
}

async function withHosts<T>(use: (hosts: Hosts) => Promise<T>): Promise<T> {
  const home = await openHome(defaultHome());
  const ask = terminalAsk();
  const secrets = createSecrets(noDesktop, ask);
  const hosts = createHosts({ home, ask, secrets, events: createEvents() });
  try {
    return await use(hosts);
  } finally {
    await hosts.close();
  }
}

/** Gives `use` a signed-in cloud and the secrets, for commands that need no run. */
export async function withCloudService<T>(
  source: CloudSource,
  use: (cloud: Cloud, secrets: Secrets, home: string) => Promise<T>,
): Promise<T> {
  const home = await openHome(defaultHome());
  const ask = terminalAsk();
  const secrets = createSecrets(noDesktop, ask);
  const clouds = createClouds({ home, ask, secrets, onUnchecked });
  try {
    return await use(await clouds.open(source), secrets, home);
  } finally {
    await clouds.close();
  }
}

/** On standard error, so that it stands beside JSON too. */
function onUnchecked(authUrl: string): void {
  process.stderr.write(
    `WARNING: the certificate of ${visibleLines(authUrl)} is not checked: anybody on the way can read your password and change your images.\n`,
  );
}
