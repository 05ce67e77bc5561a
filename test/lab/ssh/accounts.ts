// The machine accounts the laboratory's sshds let in, and everything that belongs to them.
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { attempt, run } from '../system/command.ts';
import { writeWhole } from '../system/files.ts';
import { birthOf, end } from '../system/processes.ts';

const sudoersFile = (settings: Settings) => `/etc/sudoers.d/${settings.systemName}`;
const pamFile = (settings: Settings) => `/etc/pam.d/${pamService(settings)}`;

/** sshd asks PAM for a service by its own program name: started under this one, it never uses the machine's rules. */
export const pamService = (settings: Settings): string => `${settings.systemName}-sshd`;

/** Home of an account: short, because unix sockets of builds lie below it and Linux allows them 107 bytes. */
const homeOf = (settings: Settings, role: keyof Settings['accounts']): string =>
  join(settings.sharedDir, role);

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  const line = await attempt('getent', ['passwd', name]);
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Makes the accounts with their passwords and authorized keys, the sudo rule and the PAM service. */
export async function ensureAccounts(
  settings: Settings,
  secrets: Secrets,
  authorizedKeys: string,
): Promise<void> {
  mkdirSync(settings.sharedDir, { recursive: true, mode: 0o755 });
  const passwords = { user: secrets.userPassword, sudo: secrets.sudoPassword, inner: secrets.innerPassword };
  for (const role of ['user', 'sudo', 'jump', 'inner'] as const) {
    const name = settings.accounts[role];
    const home = homeOf(settings, role);
    if ((await idsOf(name)) === undefined) {
      await run('useradd', [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        home,
        '--shell',
        '/bin/bash',
        name,
      ]);
    }
    const ids = await idsOf(name);
    if (ids === undefined) throw new Error(`useradd made no account ${name}`);
    const keysFile = join(home, '.ssh', 'authorized_keys');
    mkdirSync(join(home, '.ssh'), { recursive: true });
    writeWhole(keysFile, authorizedKeys, 0o600);
    for (const [path, mode] of [
      [home, 0o755],
      [join(home, '.ssh'), 0o700],
      [keysFile, 0o600],
    ] as const) {
      chownSync(path, ids.uid, ids.gid);
      chmodSync(path, mode);
    }
  }
  const lines = Object.entries(passwords).map(
    ([role, password]) => `${settings.accounts[role as keyof typeof passwords]}:${password}\n`,
  );
  await run('chpasswd', [], { input: lines.join('') });
  writeWhole(
    pamFile(settings),
    'auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n',
  );
  const rule = `${settings.accounts.sudo} ALL=(ALL:ALL) NOPASSWD: ALL\n`;
  // A broken sudoers file would lock sudo for everybody on this machine.
  await run('visudo', ['-cf', '-'], { input: rule });
  writeWhole(sudoersFile(settings), rule, 0o440);
}

function belongsTo(pid: number, uids: ReadonlySet<number>, names: ReadonlySet<string>): boolean {
  try {
    const uid = /^Uid:\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    if (uid !== null && uids.has(Number(uid[1]))) return true;
    // What such an account started through sudo belongs to root, but sudo notes for whom.
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    return variables.some(
      (line) => line.startsWith('SUDO_USER=') && names.has(line.slice('SUDO_USER='.length)),
    );
  } catch {
    return false;
  }
}

/** Ends every process started through the accounts, also those that outlive their session. Resolves to how many there were. */
export async function endProcessesOfAccounts(settings: Settings): Promise<number> {
  const names = Object.values(settings.accounts) as string[];
  const ids = await Promise.all(names.map(idsOf));
  const uids = new Set(ids.flatMap((known) => (known === undefined ? [] : [known.uid])));
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const theirs = pids.filter((pid) => pid !== process.pid && belongsTo(pid, uids, new Set(names)));
  await Promise.all(
    theirs.map((pid) => {
      const birth = birthOf(pid);
      return birth === undefined ? undefined : end({ pid, birth }, 3000);
    }),
  );
  return theirs.length;
}

/** Removes the accounts, their homes, the sudo rule and the PAM service. */
export async function removeAccounts(settings: Settings): Promise<void> {
  for (const name of Object.values(settings.accounts) as string[]) {
    if ((await idsOf(name)) !== undefined) await run('userdel', [name]);
  }
  for (const path of [sudoersFile(settings), pamFile(settings), settings.sharedDir]) {
    if (existsSync(path)) rmSync(path, { recursive: true, force: true });
  }
}
