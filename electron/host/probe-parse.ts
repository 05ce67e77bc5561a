// Reads what the probe script prints. Pure; every value is data, however strange.
import { GUEST_EXIT } from './probe-guest.ts';

/** How the tiny guest fared; see probe-guest.ts. */
type KvmState =
  | 'works'
  | 'missing'
  | 'forbidden'
  | 'no-qemu'
  /** It ran out of time. */
  | 'slow'
  /** The device opens, the guest dies. */
  | 'broken';

/** What one probe saw, before it is judged. Sizes in bytes. */
export interface ProbeFacts {
  /** From /etc/os-release; `like` are the families it counts itself to. */
  readonly os: {
    readonly id: string;
    readonly like: readonly string[];
    readonly version: string;
    readonly name: string;
  };
  readonly hostname: string;
  readonly arch: string;
  readonly user: string;
  readonly home: string;
  readonly root: boolean;
  readonly sudo: boolean;
  /** Groups of this session, and of the account as a new sign-in would get them. */
  readonly groups: readonly string[];
  readonly accountGroups: readonly string[];
  readonly qemu: { readonly binary: string; readonly version: string } | null;
  readonly kvm: KvmState;
  readonly kvmGroup: string;
  readonly kvmSaid: string;
  readonly kvmRemembered: boolean;
  /** CPU flag: `vmx` (Intel), `svm` (AMD) or null. */
  readonly virtualization: 'vmx' | 'svm' | null;
  /** Whether the host itself is a virtual machine. */
  readonly nested: boolean;
  readonly cores: number;
  readonly memory: number;
  readonly memoryAvailable: number;
  readonly builds: string;
  readonly free: number;
  readonly writable: boolean;
  /** Program → its path on the host. */
  readonly tools: ReadonlyMap<string, string>;
  readonly firmware: ReadonlySet<string>;
  readonly fuseDevice: boolean;
  readonly fuseExport: boolean;
  readonly nbdModule: boolean;
  /** Package managers in order of preference. */
  readonly packages: readonly string[];
  /** Exit status of curl and the HTTP status; null when not asked, or nothing could ask. */
  readonly cloud: { readonly exit: number; readonly http: number } | null;
}

/** The facts of a report, or null when it is incomplete (the shell died, a login message took its place). */
export function parseProbe(text: string): ProbeFacts | null {
  const all = new Map<string, string[]>();
  for (const record of text.split('\0')) {
    const [, key, value] = /^([a-z-]+)=(.*)$/s.exec(record) ?? [];
    if (key !== undefined && value !== undefined) all.set(key, [...(all.get(key) ?? []), value]);
  }
  const one = (key: string) => all.get(key)?.at(-1) ?? '';
  const yes = (key: string) => one(key) === 'yes';
  const list = (key: string) => one(key).split(/\s+/).filter(Boolean);
  if (one('end') !== 'ok') return null;
  const flag = one('virtualization');
  return {
    os: osRelease(one('os-release')),
    hostname: one('hostname'),
    arch: one('arch'),
    user: one('user'),
    home: one('home'),
    root: one('uid') === '0',
    sudo: yes('sudo'),
    groups: list('groups'),
    accountGroups: list('account-groups'),
    qemu: one('qemu') === '' ? null : { binary: one('qemu'), version: qemuVersion(one('qemu-version')) },
    kvm: kvmState(one('kvm'), one('kvm-exit')),
    kvmGroup: one('kvm-group'),
    kvmSaid: one('kvm-said').trim(),
    kvmRemembered: yes('kvm-remembered'),
    virtualization: flag === 'vmx' || flag === 'svm' ? flag : null,
    nested: yes('nested'),
    cores: wholeNumber(one('cores')) ?? 1,
    memory: kilobytes(one('memory'), 'MemTotal'),
    memoryAvailable: kilobytes(one('memory'), 'MemAvailable'),
    builds: one('builds'),
    free: freeBytes(one('space')),
    writable: yes('writable'),
    tools: new Map((all.get('tool') ?? []).flatMap(tool)),
    firmware: new Set(all.get('firmware')),
    fuseDevice: yes('dev-fuse'),
    fuseExport: yes('fuse-export'),
    nbdModule: yes('nbd-module'),
    packages: all.get('packages') ?? [],
    cloud: cloud(one('cloud')),
  };
}

/** NAME=value lines, quotes taken away; what is not such a line is left out. */
function osRelease(text: string): ProbeFacts['os'] {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, raw] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
    if (name === undefined || raw === undefined) continue;
    const [, double, single] = /^(?:"(.*)"|'(.*)')$/.exec(raw) ?? [];
    fields.set(name, (double ?? single ?? raw).replace(/\\(["$`\\])/g, '$1'));
  }
  const field = (name: string) => fields.get(name) ?? '';
  return {
    id: field('ID'),
    like: field('ID_LIKE').split(/\s+/).filter(Boolean),
    version: field('VERSION_ID'),
    name: field('PRETTY_NAME') || field('ID'),
  };
}

const qemuVersion = (line: string) => /version (\d+(?:\.\d+)+)/.exec(line)?.[1] ?? '';

function kvmState(state: string, exit: string): KvmState {
  if (state === 'missing' || state === 'forbidden' || state === 'no-qemu') return state;
  if (state !== 'tried') return 'missing';
  if (exit === String(GUEST_EXIT)) return 'works';
  return exit === '124' || exit === '137' ? 'slow' : 'broken';
}

const wholeNumber = (text: string) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : null);

/** A line of /proc/meminfo, in bytes; 0 when it is not there. */
const kilobytes = (text: string, name: string) =>
  Number(new RegExp(`^${name}:\\s+(\\d{1,15}) kB$`, 'm').exec(text)?.[1] ?? 0) * 1024;

/** A line of `df -Pk`: device, blocks, used, available, per cent, folder; the first and last may hold blanks. */
const freeBytes = (line: string) => Number(/\s\d+\s+\d+\s+(\d{1,15})\s+\d+%\s/.exec(line)?.[1] ?? 0) * 1024;

function tool(record: string): [string, string][] {
  const [, name, path] = /^([a-z0-9-]+) (.+)$/s.exec(record) ?? [];
  return name !== undefined && path !== undefined ? [[name, path]] : [];
}

function cloud(record: string): ProbeFacts['cloud'] {
  const [, exit, http] = /^(\d{1,3}) (\d{3})$/.exec(record) ?? [];
  return exit === undefined || http === undefined ? null : { exit: Number(exit), http: Number(http) };
}
