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
  return [`/g:${address}`, ...(user === undefined ? [] : [`/gu:${user}`, '/gd:'])];
}

function gateway3({ address, user }: Gateway, password: string): string {
  if (/[,"]/.test(`${user ?? ''}${password}`))
    throw badText(
      'FreeRDP 3 takes no comma and no quotation mark in the name or the password of the gateway.',
    );
  return `/gateway:g:${address}${user === undefined ? '' : `,u:${user},p:${password}`}`;
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
