// Detached jobs over any host's `run`: started in a session of their own, watched and ended by pid and start time.
import { setTimeout as sleep } from 'node:timers/promises';
import { CasementError } from '../../shared/errors.ts';
import { isLineFault, jobFault } from './faults.ts';
import { parseReport } from './job-report.ts';
import { START_SCRIPT, STATUS_SCRIPT, STOP_SCRIPT } from './job-scripts.ts';
import type { Host, JobSpec, JobStatus, Jobs } from './types.ts';

/** A pipe of Linux takes this many bytes at once; a longer input would hold the connection until the job reads it. */
const MOST_INPUT = 65_536;
/** Between two looks at a job, in milliseconds. */
const EVERY_MS = 1000;
/** Longest pause between attempts while the line is down, in milliseconds. */
const LONGEST_PAUSE_MS = 15_000;

type Run = Host['run'];

/** Jobs of a host; every call is one round trip. Throws `host.job-failed-to-start` when the host refuses a start. */
export function jobsOver(run: Run): Jobs {
  const script = (text: string, ...args: readonly string[]) => ['sh', '-c', text, 'casement-jobs', ...args];
  const status = async (dir: string, name: string) =>
    parseReport((await run(script(STATUS_SCRIPT, dir, checked(name)))).stdout);

  async function start(spec: JobSpec): Promise<JobStatus> {
    const input = spec.stdin ?? '';
    if (Buffer.byteLength(input) > MOST_INPUT) throw jobFault(spec.name, 'its input is longer than a pipe');
    const env = Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`);
    const words = env.length === 0 ? spec.words : ['env', ...env, ...spec.words];
    const length = String(Buffer.byteLength(input));
    const { code, stdout, stderr } = await run(
      script(START_SCRIPT, spec.dir, checked(spec.name), length, ...words),
      { stdin: input, allowFailure: true },
    );
    if (code !== 0) throw jobFault(spec.name, stderr);
    return parseReport(stdout);
  }

  async function stop(dir: string, name: string): Promise<void> {
    await run(script(STOP_SCRIPT, dir, checked(name)));
  }

  async function wait(
    dir: string,
    name: string,
    onStatus: (status: JobStatus) => void,
    signal: AbortSignal,
  ): Promise<JobStatus> {
    let pause = EVERY_MS;
    for (;;) {
      signal.throwIfAborted();
      const now = await status(dir, name).catch((error: unknown) => {
        if (isLineFault(error)) return null;
        throw error;
      });
      if (now !== null) onStatus(now);
      if (now !== null && now.state !== 'running') return now;
      pause = now === null ? Math.min(pause * 2, LONGEST_PAUSE_MS) : EVERY_MS;
      await sleep(pause, undefined, { signal });
    }
  }

  return { start, status, stop, wait };
}

/** A job's name becomes a folder's name, so it must not lead anywhere else. */
function checked(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return name;
  throw new CasementError({
    code: 'host.bad-job-name',
    title: 'A job has an unusable name',
    whatHappened: 'The name of a job may hold letters, digits, dots and dashes only.',
    whatToDo: 'This is a fault of Casement: copy the details and report it.',
    detail: JSON.stringify(name),
  });
}
