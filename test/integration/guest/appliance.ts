// A kernel for libguestfs on a machine that has none in /boot: Debian's package, unpacked into a cache of its own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const CACHE = join(homedir(), '.cache/casement-test-kernel');

/** The variables with which libguestfs takes that kernel and keeps its small VM in the same cache. */
export function applianceKernel(): Record<string, string> {
  const modules = join(CACHE, 'kernel/lib/modules');
  mkdirSync(CACHE, { recursive: true });
  if (!existsSync(modules)) {
    const depends = run('apt-cache', ['depends', 'linux-image-cloud-amd64']);
    const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? 'linux-image-cloud-amd64';
    run('apt-get', ['download', '-q', name]);
    const file = readdirSync(CACHE).find((each) => each.startsWith(name) && each.endsWith('.deb')) ?? '';
    run('dpkg', ['-x', file, 'kernel']);
    run('/usr/sbin/depmod', ['-b', 'kernel', readdirSync(modules)[0] ?? '']);
  }
  const version = readdirSync(modules)[0] ?? '';
  // supermin insists on the folder, however empty.
  mkdirSync('/lib/modules', { recursive: true });
  return {
    SUPERMIN_KERNEL: join(CACHE, `kernel/boot/vmlinuz-${version}`),
    SUPERMIN_MODULES: join(modules, version),
    LIBGUESTFS_CACHEDIR: CACHE,
  };
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { cwd: CACHE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
