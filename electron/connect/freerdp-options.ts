// How a desktop looks, in the words of FreeRDP 2 and 3. Pure.
import { CasementError } from '../../shared/errors.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';

/** Name under which Windows shows the shared folder. */
const DRIVE = 'Casement';

/** Arguments for the options of a desktop; those of FreeRDP 3 may hold the gateway's password and travel by standard input. */
export function freerdpOptions(
  options: DesktopOptions | undefined,
  major: number,
  gatewayPassword: string,
): string[] {
  const { size, fullScreen, allMonitors, clipboard = true, drive, sound = 'off', gateway } = options ?? {};
  // A list separated by commas on FreeRDP's side.
  if (drive?.includes(',')) throw badText('FreeRDP shares no folder whose path contains a comma.');
  return [
    ...(size === undefined ? [] : [`/size:${size}`]),
    ...(allMonitors ? ['/multimon'] : []),
    ...(fullScreen || allMonitors ? ['/f'] : []),
    // Windows follows the size of the window; over all monitors there is none to follow.
    ...(allMonitors ? [] : ['/dynamic-resolution']),
    clipboard ? '+clipboard' : '-clipboard',
    ...(drive === undefined ? [] : [`/drive:${DRIVE},${drive}`]),
    sound === 'here' ? '/sound' : `/audio-mode:${sound === 'server' ? 1 : 2}`,
    ...(gateway === undefined ? [] : major >= 3 ? [gateway3(gateway, gatewayPassword)] : gateway2(gateway)),
  ];
}

type Gateway = NonNullable<DesktopOptions['gateway']>;

function gateway2({ address, user }: Gateway): string[] {
  if (user === undefined) return [`/g:${address}`];
  const account = accountOf(user);
  return [`/g:${address}`, `/gu:${account.name}`, `/gd:${account.domain}`];
}

/**
 * The domain and the name in `DOMAIN\name`; a name with @ is whole. FreeRDP 2 asks for a domain that is not said, and
 * once one is said, also an empty one, it leaves `DOMAIN\name` together as a name that no server knows.
 */
export function accountOf(user: string): { readonly domain: string; readonly name: string } {
  const at = user.indexOf('\\');
  return at < 0 ? { domain: '', name: user } : { domain: user.slice(0, at), name: user.slice(at + 1) };
}

function gateway3({ address, user }: Gateway, password: string): string {
  if (/[,"]/.test(`${user ?? ''}${password}`))
    throw badText(
      'FreeRDP 3 takes no comma and no quotation mark in the name or the password of the gateway.',
    );
  if (user === undefined) return `/gateway:g:${address}`;
  const { domain, name } = accountOf(user);
  return `/gateway:g:${address},u:${name}${domain === '' ? '' : `,d:${domain}`},p:${password}`;
}

/** The sentence for a text that no client could be told. */
export function badText(whatHappened: string): CasementError {
  return new CasementError({
    code: 'connect.bad-text',
    title: 'This cannot be handed to the RDP client',
    whatHappened,
    whatToDo: 'Use another text, or another RDP client.',
  });
}
