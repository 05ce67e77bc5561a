// Errors of the SSH connection, with the sentences an admin reads. Pure.
import { CasementError } from '../../shared/errors.ts';

const said = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause ?? ''));

export const badAddress = (address: string) =>
  new CasementError({
    code: 'host.bad-address',
    title: 'This is not an address of a host',
    whatHappened: `"${address}" cannot be read as the address of an SSH server.`,
    whatToDo: 'Write ssh://user@host:port, user@host, or a Host name of your SSH configuration.',
  });

export const proxyCommand = (name: string) =>
  new CasementError({
    code: 'host.proxy-command',
    title: 'Your SSH configuration uses ProxyCommand',
    whatHappened: `${name} is reached through a ProxyCommand, which Casement does not run.`,
    whatToDo:
      'Write ProxyJump instead of ProxyCommand in your SSH configuration, or name the jump host here.',
  });

export const jumpLoop = (name: string) =>
  new CasementError({
    code: 'host.jump-loop',
    title: 'The jump hosts go in a circle',
    whatHappened: `Your SSH configuration reaches ${name} through itself.`,
    whatToDo: 'Mend the ProxyJump lines of your SSH configuration.',
  });

/** The connection could not be made; tells apart an unknown name, a silent, a refusing and another failing host. */
export function unreachable(name: string, cause: unknown): CasementError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const detail = said(cause);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NONAME')
    return new CasementError(
      {
        code: 'host.name-unknown',
        title: 'This host name is not known',
        whatHappened: `No address was found for ${name}.`,
        whatToDo: 'Check the spelling, and whether the name needs a VPN or a DNS suffix.',
        detail,
      },
      cause,
    );
  return new CasementError(
    {
      code: 'host.unreachable',
      title: 'The host cannot be reached',
      whatHappened:
        code === 'ECONNREFUSED'
          ? `${name} refused the connection: no SSH server listens there.`
          : `${name} did not let a connection through.`,
      whatToDo: 'Check the address and the port, that the host is on, and that no firewall is in between.',
      detail,
    },
    cause,
  );
}

export const connectTimeout = (name: string) =>
  new CasementError({
    code: 'host.timeout',
    title: 'The host does not answer',
    whatHappened: `${name} did not answer in time.`,
    whatToDo: 'Check that the host is on and that no firewall drops the connection, then try again.',
  });

export const connectionLost = (name: string, cause?: unknown) =>
  new CasementError(
    {
      code: 'host.connection-lost',
      title: 'The connection to the host was lost',
      whatHappened: `The SSH connection to ${name} ended in the middle of an operation.`,
      whatToDo: 'Casement connects again by itself; what runs on the host goes on. Try again in a moment.',
      detail: said(cause),
    },
    cause,
  );

export const closed = (name: string) =>
  new CasementError({
    code: 'host.closed',
    title: 'The host is disconnected',
    whatHappened: `The connection to ${name} was closed.`,
    whatToDo: 'Connect to the host again.',
  });

/** No method was accepted; `tried` are the methods in words, `accepted` what the server said it takes. */
export const authFailed = (
  user: string,
  name: string,
  tried: readonly string[],
  accepted: readonly string[],
  cause?: unknown,
) =>
  new CasementError(
    {
      code: 'host.auth-failed',
      title: 'The host did not accept the sign-in',
      whatHappened: `${name} did not let ${user} in. Tried: ${tried.length === 0 ? 'nothing, there was no key and no password to try' : tried.join(', ')}.`,
      whatToDo: `Check the user name and the password or key${accepted.length === 0 ? '' : `; this host accepts ${accepted.join(', ')}`}.`,
      detail: said(cause),
    },
    cause,
  );

export const keyFileMissing = (file: string, cause: unknown) =>
  new CasementError(
    {
      code: 'host.key-file-missing',
      title: 'The key file cannot be read',
      whatHappened: `${file} does not exist or may not be read by you.`,
      whatToDo: 'Choose the private key file again.',
      detail: said(cause),
    },
    cause,
  );

export const keyFileUnusable = (file: string, cause: unknown) =>
  new CasementError(
    {
      code: 'host.key-file-unusable',
      title: 'The key file cannot be used',
      whatHappened: `${file} is not a private key that Casement can read.`,
      whatToDo:
        'Use an OpenSSH, PEM or PuTTY private key. If this is one from PuTTY, open it in PuTTYgen, choose Conversions, then "Export OpenSSH key". A key on a security token works through the SSH agent.',
      detail: said(cause),
    },
    cause,
  );

/** The key of a known host is another one than before. Never offers to accept it. */
export const keyChanged = (name: string, shown: string, known: readonly string[]) =>
  new CasementError({
    code: 'host.key-changed',
    title: 'The host shows another key than before',
    whatHappened: `${name} identified itself with a key that is not the one known for it. Either the host was installed anew, or somebody sits in between and would see everything you send.`,
    whatToDo:
      'Ask the administrator of the host. Only when they confirm the new key, remove the old line from the known_hosts file named in the details and connect again.',
    detail: `shown now: ${shown}\nknown: ${known.join('\n       ')}`,
  });

export const keyRevoked = (name: string, shown: string, file: string) =>
  new CasementError({
    code: 'host.key-revoked',
    title: 'The key of the host was revoked',
    whatHappened: `${name} identified itself with a key that was marked as no longer to be trusted.`,
    whatToDo: 'Do not connect. Ask the administrator of the host for its new key.',
    detail: `${shown}\nrevoked in ${file}`,
  });

export const keyDeclined = (name: string, shown: string) =>
  new CasementError({
    code: 'host.key-unknown',
    title: 'The host is not known yet',
    whatHappened: `The key of ${name} was not confirmed, so nothing was sent to it.`,
    whatToDo:
      'Compare the fingerprint with the one its administrator gives you, then connect again and confirm it.',
    detail: shown,
  });

export const sshFault = (name: string, cause: unknown) =>
  new CasementError(
    {
      code: 'host.ssh-failed',
      title: 'SSH with the host failed',
      whatHappened: `${name} and Casement could not agree: ${said(cause)}`,
      whatToDo: 'Check that an up-to-date OpenSSH server answers at this address and port.',
      detail: said(cause),
    },
    cause,
  );

export const commandRefused = (name: string, cause: unknown) =>
  new CasementError(
    {
      code: 'host.command-refused',
      title: 'The host does not run commands for this account',
      whatHappened: `${name} let you in but refused to run a command or to open a file session.`,
      whatToDo: 'Use an account with a login shell and SFTP; some accounts are for forwarding only.',
      detail: said(cause),
    },
    cause,
  );

/** Whether ssh2 says that the connection is gone: it throws the one before its `close`, and answers the other after. */
export const isLost = (cause: unknown) => /not connected|no response from server/i.test(said(cause));
