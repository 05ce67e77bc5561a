// Reads what the status script prints. Pure.
import type { JobStatus } from './types.ts';

/** A report as `job-scripts.ts` prints it → the job's status. Paths in it are data and may hold newlines. */
export function parseReport(text: string): JobStatus {
  let rest = text;
  const next = () => {
    const end = rest.indexOf('\0');
    const record = end < 0 ? rest : rest.slice(0, end);
    rest = end < 0 ? '' : rest.slice(end + 1);
    return record;
  };
  const state = next();
  const pid = next();
  const code = next();
  const open: string[] = [];
  for (let record = next(); record !== ''; record = next()) open.push(record);
  const info = next();
  return {
    state: state === 'running' || state === 'ended' ? state : 'absent',
    pid: numberOrNull(pid),
    code: numberOrNull(code),
    log: rest,
    positions: positions(open, info),
  };
}

/** How far the job has read the file it reads, in bytes; null between two files, and while one is being closed. */
export function bytesRead({ positions }: Pick<JobStatus, 'positions'>): number | null {
  const all = Object.values(positions);
  return all.length === 0 ? null : Math.max(...all);
}

const numberOrNull = (text: string) => (/^\d+$/.test(text) ? Number(text) : null);

/** `open`: "pid fd path"; `info`: lines "/proc/PID/fdinfo/FD:pos:\t123" and "…:flags:\t0100000" (octal). */
function positions(open: readonly string[], info: string): Record<string, number> {
  const pos = new Map<string, number>();
  const writeOnly = new Set<string>();
  for (const line of info.split('\n')) {
    const [, pid, fd, field, value] = /^\/proc\/(\d+)\/fdinfo\/(\d+):(pos|flags):\s*(\d+)$/.exec(line) ?? [];
    if (value === undefined) continue;
    if (field === 'pos') pos.set(`${pid} ${fd}`, Number(value));
    else if ((Number.parseInt(value, 8) & 3) === 1) writeOnly.add(`${pid} ${fd}`);
  }
  const found = new Map<string, number>();
  for (const record of open) {
    const [, key, path] = /^(\d+ \d+) (\/.*)$/s.exec(record) ?? [];
    // A file without a position was closed between the two looks: it is not at its begin.
    const at = key === undefined ? undefined : pos.get(key);
    if (key === undefined || path === undefined || at === undefined) continue;
    if (writeOnly.has(key) || /^\/(dev|proc|sys)\//.test(path)) continue;
    found.set(path, Math.max(found.get(path) ?? 0, at));
  }
  return Object.fromEntries(found);
}
