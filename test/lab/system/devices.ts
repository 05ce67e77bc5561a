// /dev/fuse and /dev/kvm for users without root rights. Remembers the modes found, in /run because a restart resets both.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const KEPT = '/run/casement-lab-devices';
const DEVICES = ['fuse', 'kvm'] as const;

/** Opens the devices to everybody on behalf of one laboratory; other laboratories may hold them open too. */
export function openDevices(holder: string): string {
  const opened: string[] = [];
  for (const device of DEVICES.filter((name) => existsSync(`/dev/${name}`))) {
    const folder = join(KEPT, device);
    mkdirSync(join(folder, 'holders'), { recursive: true });
    const original = join(folder, 'mode');
    if (!existsSync(original)) writeFileSync(original, (statSync(`/dev/${device}`).mode & 0o777).toString(8));
    writeFileSync(join(folder, 'holders', holder), '');
    chmodSync(`/dev/${device}`, 0o666);
    opened.push(`/dev/${device}`);
  }
  return opened.length === 0 ? 'neither /dev/fuse nor /dev/kvm here' : `${opened.join(' and ')} open`;
}

/** Gives up one laboratory's hold; the last one restores the modes found. */
export function closeDevices(holder: string): void {
  for (const device of DEVICES) {
    const folder = join(KEPT, device);
    if (!existsSync(folder)) continue;
    rmSync(join(folder, 'holders', holder), { force: true });
    if (readdirSync(join(folder, 'holders')).length > 0) continue;
    if (existsSync(`/dev/${device}`))
      chmodSync(`/dev/${device}`, parseInt(readFileSync(join(folder, 'mode'), 'utf8'), 8));
    rmSync(folder, { recursive: true });
  }
}
