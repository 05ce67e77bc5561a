// The words and the configuration of the curl that sends a disk from the KVM host. Pure. Secrets go into the
// configuration, which travels on curl's standard input; the words may be seen by every user of the host.
import { CasementError } from '../../shared/errors.ts';

/** Leads the line that curl prints last, with the HTTP status behind it. */
const MARK = 'casement-http-status';

export interface CurlUpload {
  readonly url: string;
  readonly disk: string;
  /** CA file on the host, null for the system's authorities. */
  readonly caFile: string | null;
  readonly verify: boolean;
}

/** Words of the upload; the token is not among them. */
export function uploadWords(upload: CurlUpload): string[] {
  return [
    'curl',
    // First, or ~/.curlrc has been read already.
    '--disable',
    '--globoff',
    '--silent',
    '--show-error',
    ...trustWords(upload),
    // A dead line ends the job; Glance may well hash and store for minutes after the last byte.
    '--connect-timeout',
    '30',
    '--speed-limit',
    '1',
    '--speed-time',
    '900',
    '--config',
    '-',
    '--request',
    'PUT',
    '--header',
    'Content-Type: application/octet-stream',
    '--write-out',
    `\\n${MARK} %{http_code}\\n`,
    '--upload-file',
    upload.disk,
    upload.url,
  ];
}

/** Standard input of the upload: curl's configuration with the token. */
export function uploadConfig(token: string): string {
  return `header = "X-Auth-Token: ${token.replace(/[\\"]/g, '\\$&')}"\n`;
}

/** Words that ask whether the host reaches an address at all; any HTTP status is a yes. */
export function reachWords(url: string, trust: Pick<CurlUpload, 'caFile' | 'verify'>): string[] {
  return [
    'curl',
    '--disable',
    '--globoff',
    '--silent',
    '--show-error',
    ...trustWords(trust),
    '--connect-timeout',
    '5',
    '--max-time',
    '10',
    '--output',
    '/dev/null',
    '--write-out',
    '%{http_code}',
    url,
  ];
}

/** Status and body of a finished upload from its log; status 0 when no answer came. */
export function uploadAnswer(log: string): { status: number; text: string } {
  const at = log.lastIndexOf(MARK);
  if (at < 0) return { status: 0, text: log.trim() };
  const status = Number.parseInt(log.slice(at + MARK.length), 10);
  return { status: Number.isNaN(status) ? 0 : status, text: log.slice(0, at).trim() };
}

/** What curl's own exit status means for an upload, for those an admin can act on. Source: curl(1), EXIT CODES. */
export function curlFailure(code: number | null): string {
  switch (code) {
    case null:
      return 'The upload ended without a trace; the host was probably restarted.';
    case 5:
    case 6:
      return 'The host cannot resolve the name of Glance.';
    case 7:
      return 'The host cannot connect to Glance.';
    case 26:
      return 'The disk cannot be read on the host.';
    case 28:
      return 'Glance did not answer the host in time.';
    case 35:
    case 51:
    case 58:
    case 60:
    case 77:
      return 'The host does not trust the certificate of Glance.';
    case 52:
    case 55:
    case 56:
      return 'The connection between the host and Glance broke.';
    case 127:
      return 'There is no curl on the host.';
    default:
      return `curl on the host ended with status ${code}.`;
  }
}

/** Whether an upload that ended so may well succeed when it is made again: the line broke, or the host was restarted. */
export function isBroken(code: number | null): boolean {
  // Source: curl(1), EXIT CODES: 7, 28, 52, 55, 56 and 92 are about the connection; 0 without a status is a torn log.
  return code === null || [0, 7, 28, 52, 55, 56, 92].includes(code);
}

/** The error of an upload whose connection broke: it may be made again; the empty image is used once more. */
export function brokenUpload(whatHappened: string, detail: string, cause?: unknown): CasementError {
  return uploadError('cloud.upload-broken', whatHappened, detail, cause);
}

/** The error of an upload that would fail again in the same way. */
export function failedUpload(whatHappened: string, detail: string): CasementError {
  return uploadError('cloud.upload-failed', whatHappened, detail);
}

function uploadError(code: string, whatHappened: string, detail: string, cause?: unknown): CasementError {
  const title = 'The upload to Glance broke off';
  const whatToDo = 'Try again; the empty image that was made is used again.';
  return new CasementError({ code, title, whatHappened, whatToDo, detail }, cause);
}

function trustWords(trust: Pick<CurlUpload, 'caFile' | 'verify'>): string[] {
  if (!trust.verify) return ['--insecure'];
  return trust.caFile === null ? [] : ['--cacert', trust.caFile];
}
