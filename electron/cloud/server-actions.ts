// What can be done to a server that exists: start, stop, reboot, its console log, its consoles, one metadata key.
import { CasementError } from '../../shared/errors.ts';
import { CONSOLE_KINDS, type ConsoleKind, type ConsoleView } from '../../shared/views-launch.ts';
import { faultText } from './faults.ts';
import { parseJson } from './identity.ts';
import type { Nova } from './nova.ts';
import type { ServerAction } from './types.ts';

/** A soft reboot lets Windows shut down in order; Nova turns it into a hard one where Windows does not react. */
const ACTIONS: Readonly<Record<ServerAction, object>> = {
  start: { 'os-start': null },
  stop: { 'os-stop': null },
  reboot: { reboot: { type: 'SOFT' } },
};
const DOING: Readonly<Record<ServerAction, string>> = {
  start: 'starting the server',
  stop: 'stopping the server',
  reboot: 'rebooting the server',
};

/** How each kind is asked for: the body of `remote-consoles`, and the action that clouds before 2.6 know instead. */
const CONSOLES: Readonly<
  Record<ConsoleKind, { readonly protocol: string; readonly type: string; readonly action: string }>
> = {
  novnc: { protocol: 'vnc', type: 'novnc', action: 'os-getVNCConsole' },
  spice: { protocol: 'spice', type: 'spice-html5', action: 'os-getSPICEConsole' },
  serial: { protocol: 'serial', type: 'serial', action: 'os-getSerialConsole' },
};

const serverPath = (id: string): string => `/servers/${encodeURIComponent(id)}`;

/** Asks Nova for a change of state; resolves when Nova has taken the order, not when it is carried out. */
export async function serverAction(nova: Nova, id: string, action: ServerAction): Promise<void> {
  const path = `${serverPath(id)}/action`;
  const answer = await nova.call('POST', path, DOING[action], { json: ACTIONS[action], allow: [409] });
  if (answer.status !== 409) return;
  throw new CasementError({
    code: 'cloud.wrong-state',
    title: 'The server is not in a state for this',
    whatHappened: `While ${DOING[action]}, Nova answered: “${faultText(answer)}”`,
    whatToDo: 'It may have changed meanwhile, or be busy: look at its state and try again.',
  });
}

/** The last `lines` lines of the serial console (Cloudbase-Init writes there); empty while nothing was written. */
export async function consoleLog(nova: Nova, id: string, lines: number): Promise<string> {
  const answer = await nova.call('POST', `${serverPath(id)}/action`, 'reading the console log', {
    json: { 'os-getConsoleOutput': { length: lines } },
  });
  const { output } = (parseJson(answer.text) ?? {}) as { output?: unknown };
  return typeof output === 'string' ? output : '';
}

/**
 * Where the console of a server is shown: of one kind, or the first that this cloud offers. Throws
 * `cloud.no-console` when it offers none.
 */
export async function consoleUrl(nova: Nova, id: string, kind?: ConsoleKind): Promise<ConsoleView> {
  const refused: string[] = [];
  for (const wanted of kind === undefined ? CONSOLE_KINDS : [kind]) {
    const url = await askConsole(nova, id, wanted).catch((thrown: unknown) => {
      // 400: this kind is not offered; 409: the server is not running; 501: the hypervisor has none.
      if (!(thrown instanceof CasementError) || !/refused|conflict|service-failed/.test(thrown.code))
        throw thrown;
      refused.push(thrown.whatHappened);
      return null;
    });
    if (url !== null) return { kind: wanted, url };
  }
  throw new CasementError({
    code: 'cloud.no-console',
    title: 'This server shows no console',
    whatHappened: refused[0] ?? 'Nova gave no address.',
    whatToDo:
      'A stopped server has none: start it. If it runs, this cloud does not offer this kind of console.',
    detail: refused.join('\n'),
  });
}

async function askConsole(nova: Nova, id: string, kind: ConsoleKind): Promise<string | null> {
  const { protocol, type, action } = CONSOLES[kind];
  const { remoteConsoles } = await nova.version();
  const answer = remoteConsoles
    ? await nova.call('POST', `${serverPath(id)}/remote-consoles`, 'opening the console', {
        json: { remote_console: { protocol, type } },
      })
    : await nova.call('POST', `${serverPath(id)}/action`, 'opening the console', {
        json: { [action]: { type } },
      });
  const body = (parseJson(answer.text) ?? {}) as Record<string, { url?: unknown } | undefined>;
  const url = (body.remote_console ?? body.console)?.url;
  return typeof url === 'string' && url !== '' ? url : null;
}

/** Takes one key out of a server's metadata; an absent one is fine too. */
export async function deleteMetadata(nova: Nova, id: string, key: string): Promise<void> {
  const path = `${serverPath(id)}/metadata/${encodeURIComponent(key)}`;
  await nova.call('DELETE', path, `removing "${key}" from the metadata`, { allow: [404] });
}
