// Lets the host download a file by a detached job, and follows it.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { MediaKind } from '../../shared/plan.ts';
import { createMeter } from '../../shared/progress.ts';
import { isDetach } from '../host/detach.ts';
import { checkSpace } from '../host/transfer-space.ts';
import type { Host, OnProgress } from '../host/types.ts';
import { type Answer, ASK, curlConfig, DOWNLOAD_SCRIPT, parseAnswer } from './download-script.ts';
import { downloadFailed, shownUrl, wrongKind } from './faults.ts';

export interface Download {
  readonly host: Host;
  readonly kind: MediaKind;
  readonly url: string;
  /** Media folder of the host. */
  readonly dir: string;
  /** What ask() found. */
  readonly answer: Answer | null;
  /** Whether the content will be compared with a hash, so that a doubtful rest of an earlier attempt may be used. */
  readonly hashKnown: boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** Ends of curl that trying again at once does not change: bad address, unknown name, refused, untrusted, no curl. */
const HOPELESS: ReadonlySet<number> = new Set([1, 3, 6, 7, 47, 60, 127]);

/**
 * What the server says about the file; null when it does not answer such questions (some refuse HEAD). Throws
 * `media.download-failed` when the way to the server is closed.
 */
export async function ask(
  host: Host,
  kind: MediaKind,
  url: string,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { code, stdout, stderr } = await host.run(ASK, {
    stdin: curlConfig(url),
    allowFailure: true,
    signal,
  });
  if (HOPELESS.has(code)) throw downloadFailed(kind, url, code, stderr);
  const answer = code === 0 ? parseAnswer(stdout) : null;
  return answer && answer.status >= 200 && answer.status < 300 ? answer : null;
}

/**
 * Downloads into a file of its own and gives its path; it is complete, but neither its kind nor its hash is known.
 * A cancel stops the job and keeps the part; a detach leaves it at work, to be joined later. Throws `media.html`, `host.disk-full`, `media.download-failed`.
 */
export async function download(want: Download): Promise<string> {
  const { host, kind, url, dir, answer } = want;
  if (answer?.html)
    throw wrongKind(kind, shownUrl(url), 'a web page (HTML), such as a sign-in or download page');
  const { name, part } = downloadJob(dir, url);
  await host.files.mkdir(posix.dirname(part));
  const before = await host.jobs.status(dir, name);
  if (before.state !== 'running') await prepare(want, part);
  const got = (await host.files.stat(part))?.bytes ?? 0;
  if (answer?.bytes) await checkSpace(host, dir, Math.max(0, answer.bytes - got));
  const words = ['sh', '-c', DOWNLOAD_SCRIPT, 'casement-download', part, String(answer?.bytes ?? '')];
  await host.jobs.start({ dir, name, words, stdin: curlConfig(url) });
  const { code, log } = await follow(want, name, part);
  if (code !== 0) throw downloadFailed(kind, url, code, log);
  await host.run(['rm', '-rf', '--', `${dir}/jobs/${name}`, `${part}.version`], { allowFailure: true });
  return part;
}

/** The detached job that downloads from this address: its name, and the file it fills. */
export function downloadJob(dir: string, url: string): { readonly name: string; readonly part: string } {
  const id = createHash('sha256').update(url).digest('hex').slice(0, 12);
  return { name: `get-${id}`, part: `${dir}/downloads/${id}.part` };
}

/** Throws away what an earlier attempt left if it may be of another version than the server has now. */
async function prepare(want: Download, part: string): Promise<void> {
  const { host, answer, hashKnown } = want;
  const note = `${part}.version`;
  const version = answer?.version ?? '';
  if ((await host.files.stat(part)) !== null) {
    const known =
      (await host.files.stat(note)) === null ? '' : (await host.files.read(note)).toString('utf8');
    const doubtful = version === '' || known === '';
    if (doubtful ? !hashKnown : known !== version) await host.files.remove(part);
  }
  await host.files.write(note, version);
}

async function follow(want: Download, name: string, part: string) {
  const { host, url, dir, answer, signal, onProgress } = want;
  const message = `The host downloads ${shownUrl(url)}`;
  const meter = createMeter('bytes', answer?.bytes ?? null);
  let asking = false;
  const look = async () => {
    if (asking) return;
    asking = true;
    // Only for the eye: a look that fails is made up for by the next.
    const found = await host.files.stat(part).catch(() => null);
    if (found && !signal.aborted) onProgress(meter.update(found.bytes, message));
    asking = false;
  };
  try {
    return await host.jobs.wait(dir, name, () => void look(), signal);
  } catch (error) {
    if (signal.aborted && !isDetach(signal.reason)) await host.jobs.stop(dir, name);
    throw error;
  }
}
