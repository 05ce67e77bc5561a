// How FreeRDP is started and what its log and exit status mean. Pure.
import { CasementError } from '../../shared/errors.ts';
import { accountOf, badText, freerdpOptions } from './freerdp-options.ts';
import type { GatewayRefusal } from './gateway.ts';
import { hostPort } from './rdp-file.ts';
import {
  accountDisabled,
  accountLocked,
  mustChange,
  noSecurity,
  notAllowed,
  type Sentence,
  wrongPassword,
} from './refusals.ts';
import type { DesktopRequest } from './types.ts';

export interface Launch {
  readonly words: readonly string[];
  /** Carries the password; never logged. */
  readonly stdin: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Name of the log file FreeRDP writes into the session's folder. */
export const LOG_NAME = 'client.log';

/** Words, standard input and environment of a FreeRDP of this major version. Throws for a password of several lines. */
export function freerdpLaunch(
  request: DesktopRequest,
  major: number,
  folders: { readonly session: string; readonly trust: string },
): Launch {
  const { options, there } = gatewayAccount(request);
  const said = [request.password, request.user, request.title, options?.drive, there].join('');
  if (/[\r\n\0]/.test(said))
    throw badText('The user name, the password, the title or a folder contains a line break.');
  const { domain, name } = accountOf(request.user);
  const desktop = [
    `/v:${hostPort(request.address, request.port)}`,
    `/u:${name}`,
    // FreeRDP 2 asks for one that is not said.
    ...(major >= 3 && domain === '' ? [] : [`/d:${domain}`]),
    request.certificate === null
      ? '/cert:tofu'
      : `/cert:deny,fingerprint:sha256:${withColons(request.certificate)}`,
    `/title:${request.title}`,
    ...freerdpOptions(options, major, there),
  ];
  const env = {
    ...(request.display === undefined ? {} : { DISPLAY: request.display, WAYLAND_DISPLAY: '' }),
    // Its store of certificates: ours, not the one of the user's own sessions.
    XDG_CONFIG_HOME: folders.trust,
    // A file, because its standard output is buffered and a graphical Windows program has none.
    WLOG_APPENDER: 'FILE',
    WLOG_FILEAPPENDER_OUTPUT_FILE_PATH: folders.session,
    WLOG_FILEAPPENDER_OUTPUT_FILE_NAME: LOG_NAME,
    WLOG_LEVEL: 'INFO',
    // The two that tell how far the connection came; neither prints what is in a message.
    WLOG_FILTER: 'com.freerdp.core.connection:DEBUG,com.freerdp.core.nla:DEBUG',
  };
  if (major >= 3) {
    // FreeRDP 3 takes every argument from standard input, one a line; none may stand beside this one.
    const lines = [...desktop, `/p:${request.password}`];
    return { words: [request.client.path, '/args-from:stdin'], stdin: `${lines.join('\n')}\n`, env };
  }
  // FreeRDP 2 asks for what is missing of user, domain and password, in this order: only the last one is.
  // A gateway with an account of its own asks before the server does.
  const words = [request.client.path, ...desktop, '/from-stdin'];
  const gateway = options?.gateway?.user === undefined ? '' : `${there}\n`;
  return { words, stdin: `${gateway}${request.password}\n`, env };
}

/**
 * Who signs in at the gateway. Where neither account nor password is said, FreeRDP takes those of the server; where one
 * is, it wants both, and the missing one is the server's.
 */
function gatewayAccount({ options, user, password, gatewayPassword }: DesktopRequest) {
  const gateway = options?.gateway;
  const there = gatewayPassword ?? password;
  if (!gateway || (gateway.user === undefined && gatewayPassword === undefined)) return { options, there };
  return { options: { ...options, gateway: { ...gateway, user: gateway.user ?? user } }, there };
}

/** FreeRDP compares with a colon between the bytes. */
function withColons(hex: string): string {
  return hex.match(/../g)?.join(':') ?? '';
}

/** How far a connection came, read from the log. */
export interface LogFacts {
  /** The session is up: Windows sends its screen. */
  readonly open: boolean;
  /** The server spoke NLA with us; what ends after that and before the session is a refused login. */
  readonly loginTried: boolean;
  readonly loginDone: boolean;
  readonly certificateChanged: boolean;
  /** What a gateway said instead of leading to the server. */
  readonly gateway: GatewayRefusal | null;
  /** Last error lines, for the details. */
  readonly errors: string;
}

// Source: libfreerdp/core/gateway/rdg.c; the names are those of [MS-TSGU] 2.2.6.
const GATEWAY: readonly (readonly [RegExp, GatewayRefusal])[] = [
  [/rdg_establish_data_connection.*ERRCONNECT_ACCESS_DENIED/, 'password'],
  [/E_PROXY_NAP_ACCESSDENIED/, 'account'],
  [/E_PROXY_RAP_ACCESSDENIED/, 'resource'],
  [/E_PROXY_TS_CONNECTFAILED/, 'server'],
];

/** Reads FreeRDP's log: that of 2.11 and, where the words differ, that of 3.15. */
export function readLog(log: string): LogFacts {
  const errors = log
    .split('\n')
    .filter((line) => /\[ERROR\]/.test(line) && !/backtrace|com\.freerdp\.utils/.test(line))
    .map((line) => line.replace(/^\[[\d:]+\]\s*\[[\da-f:]+\]\s*/, ''));
  return {
    open: /--> CONNECTION_STATE_ACTIVE|Local framebuffer format/.test(log),
    loginTried:
      /CredSSP protocol support|Sending Authentication Token[\s\S]*pubKeyAuth|NLA_STATE_NEGO_TOKEN\s+--> NLA_STATE_PUB_KEY_AUTH/.test(
        log,
      ),
    loginDone:
      /CONNECTION_STATE_NLA --> CONNECTION_STATE_(?!INITIAL|NEGO)|NLA_STATE_PUB_KEY_AUTH\s+--> NLA_STATE_AUTH_INFO/.test(
        log,
      ),
    // FreeRDP 3 says of the first certificate too that it has changed, and then takes it.
    certificateChanged:
      /certificate not trusted, aborting/i.test(log) ||
      (/has changed and you have requested strict checking|host key has just been changed/i.test(log) &&
        !/No certificate stored, automatically accepting/i.test(log)),
    gateway: GATEWAY.find(([said]) => said.test(log))?.[1] ?? null,
    errors: errors.slice(-8).join('\n'),
  };
}

/** Exit statuses of a session that ended as it should. Source: client/X11/xfreerdp.h, XF_EXIT_CODE. */
const NORMAL = new Set([0, 1, 2, 11, 12]);

/** Whether this exit status is a normal end of a session that was open. */
export function isNormalEnd(code: number | null): boolean {
  return code !== null && NORMAL.has(code);
}

/** How the client ended, and its last words. */
export function endDetail(code: number | null, { errors }: LogFacts, { client }: DesktopRequest): string {
  return `${client.id} ${client.version} ended with ${code ?? 'a signal'}\n${errors}`;
}

/** The sentence for a client that ended in this way; `trust` is the folder of the server's trusted certificates. */
export function endError(
  code: number | null,
  log: LogFacts,
  request: DesktopRequest,
  trust: string,
): CasementError {
  const [kind, title, whatHappened, whatToDo] = sentence(code, log, request, trust);
  return new CasementError({
    code: kind,
    title,
    whatHappened,
    whatToDo,
    detail: endDetail(code, log, request),
  });
}

function sentence(
  code: number | null,
  log: LogFacts,
  { user, client, ...place }: DesktopRequest,
  trust: string,
): Sentence {
  const address = place.tunnelTo ?? place.address;
  if (log.certificateChanged)
    return [
      'connect.certificate-changed',
      'The server shows another certificate than before',
      `${address} is not the server that was trusted, or it was installed anew.`,
      `If the server was installed anew, this is expected: forget the old certificate (the folder ${trust}) and connect again. If not, do not sign in.`,
    ];
  if (log.open)
    return [
      'connect.lost',
      'The desktop session broke off',
      code === 3 || code === 4
        ? 'Windows ended the session because it was idle too long.'
        : code === 5
          ? 'Somebody else signed in and took the session over.'
          : 'The connection to the server was lost.',
      'Connect again.',
    ];
  switch (code) {
    case 132:
    case 134:
    case 154:
      return wrongPassword(address, user);
    case 133:
      return noSecurity(
        'The server does not offer Network Level Authentication in a form this client takes.',
      );
    case 135:
      return accountLocked(user);
    case 148:
    case 149:
    case 152:
      return mustChange(user);
    case 7:
    case 8:
    case 9:
    case 144:
    case 155:
    case 156:
    case 157:
    case 158:
      return notAllowed(user);
    case 151:
      return accountDisabled(user);
    case 139:
    case 140:
      return [
        'connect.unreachable',
        'The server has no address',
        `The name ${address} is not known.`,
        'Use the IP address of the server.',
      ];
    case 143:
      return [
        'connect.tls',
        'No secure connection to the server',
        `The TLS connection to ${address} failed.`,
        'Check the date inside the server; if it has just started, try again in a minute.',
      ];
    case 160:
      return [
        'connect.booting',
        'The server is still starting',
        'Windows is not ready for sessions yet.',
        'Try again in a minute.',
      ];
    default:
  }
  // Some servers just hang up on a wrong password (147): the log tells that the login had begun.
  if (log.loginTried && !log.loginDone) return wrongPassword(address, user);
  if (code !== null && code >= 16 && code <= 26)
    return [
      'connect.licence',
      'Windows gives no licence for the session',
      'The Remote Desktop licensing of the server refused.',
      'Check the licensing role, or connect with /admin.',
    ];
  if (code === 128 || code === 129)
    return [
      'connect.client',
      'The RDP client did not start',
      `${client.title} ${client.version} does not understand how it was called.`,
      'Update the client or choose another one.',
    ];
  return [
    'connect.failed',
    'The desktop could not be opened',
    `The connection to ${address} ended before the desktop came up.`,
    'Try again in a minute: Windows restarts during its first start. If it stays, copy the details.',
  ];
}
