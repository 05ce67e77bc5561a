// Root's own way to a server of the laboratory ends nowhere; the account on the KVM host is another user and reaches it.
import { execFileSync } from 'node:child_process';

// Only what has no source address yet, which is a connection being opened. The kernel's own resets count as root's, and
// an RDP server whose client's SSH session was killed waits for them: without, it hung in its last write and served nobody.
const rule = (change: 'add' | 'del', address: string): void => {
  const opening = ['from', '0.0.0.0/32', 'to', `${address}/32`];
  execFileSync('ip', ['rule', change, ...opening, 'uidrange', '0-0', 'blackhole']);
};

/** From here on root does not reach the address. */
export const closeWay = (address: string): void => rule('add', address);

/** Root reaches the address again. */
export const openWay = (address: string): void => rule('del', address);

/** Takes away what a killed test left in the way to any server of the same network (a /24); no other laboratory has it. */
export function openWays(address: string): void {
  const network = address.replace(/\d+$/, '');
  const rules = JSON.parse(execFileSync('ip', ['-json', 'rule', 'show'], { encoding: 'utf8' })) as {
    readonly action?: string;
    readonly dst?: string;
  }[];
  for (const { action, dst } of rules) if (action === 'blackhole' && dst?.startsWith(network)) openWay(dst);
}
