// What is looked at before a launch: one against which nothing speaks, and changes of it.
import { flavorView } from '../../../electron/cloud/flavors.ts';
import type { LaunchFacts } from '../../../electron/run/launch/types.ts';
import { serverNames, serverSpec } from '../../../shared/plan-server.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';

export const OWN = '198.51.100.7/32';
export const FINGERPRINT = '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff';
export const need = { minDiskGB: 40, minRamMB: 2048 };
export const flavor = (name: string, vcpus: number, ram: number, disk: number) =>
  flavorView({ id: `id-${name}`, name, vcpus, ram, disk }, need);
export const network = (name: string, more: object = {}) => ({
  ...{ id: `id-${name}`, name, external: false, shared: false, dhcp: true },
  ...{ subnets: ['10.0.0.0/24'], gateway: null, ...more },
});
export const own = network('own', { gateway: 'id-public' });
export const outside = network('public', { external: true });
export const rdp = (name: string, ...rdpFrom: string[]) => ({
  ...{ id: `id-${name}`, name, description: '', rdpFrom, rdpFromGroups: false },
});
export const pair = { name: 'me', type: 'ssh-rsa', fingerprint: FINGERPRINT, canReceivePassword: true };
const plenty = { used: 1, limit: 100 };
export const limits = {
  ...{ instances: plenty, cores: plenty, memoryMB: { used: 0, limit: 999_999 }, metadataItems: 128 },
  ...{ ports: plenty, floatingIps: plenty, securityGroups: plenty, volumes: plenty },
  ...{ volumeGB: { used: 0, limit: 9999 }, volumesOffered: true },
};

/** A launch against which nothing speaks; `server` and `more` change it. */
export function facts(server: object = {}, more: Partial<LaunchFacts> = {}): LaunchFacts {
  const plain = { name: 'web', flavor: 'medium', keypair: 'me', privateKey: '/id_rsa', network: 'own' };
  const spec = serverSpec.parse({ ...plain, ...server });
  return {
    ...{ spec, names: serverNames(spec), launched: 0, taken: [], need, limits },
    image: { status: 'active', properties: {} },
    flavors: [flavor('medium', 2, 4096, 40), flavor('small', 1, 1024, 20), flavor('none', 2, 4096, 0)],
    networks: [own, outside],
    groups: [rdp('default', OWN)],
    ...{ freeFloatingIps: [], zones: ['nova'], keypairs: [pair] },
    keyFile: { type: 'ssh-rsa', fingerprint: FINGERPRINT },
    ...{ password: null, account: 'Administrator', userData: null, ownAddress: OWN },
    ...more,
  };
}

export const chosen = { adminPass: 'env:PASS' };
export const strong = { password: 'Long-enough-4-you' };
export const oneLeft = { used: 9, limit: 10 };
export const noneLeft = { used: 10, limit: 10 };
export const quota = (more: object) => ({ limits: { ...limits, ...more } });
export const QUOTA =
  'Launch fewer servers or smaller ones, delete what is not needed, or ask the operator for a larger quota.';

export type Case = Pick<LaunchFinding, 'id' | 'status' | 'text' | 'fix'> & {
  readonly server: object;
  readonly more: Partial<LaunchFacts>;
};
type Change = readonly [server?: object, more?: Partial<LaunchFacts>];
export const passed = (id: string, text: string, ...[server = {}, more = {}]: Change): Case => ({
  ...{ id, status: 'passed', text, fix: null, server, more },
});
export const warned = (id: string, text: string, fix: string, ...[server = {}, more = {}]: Change): Case => ({
  ...{ id, status: 'warned', text, fix, server, more },
});
export const failed = (id: string, text: string, fix: string, ...[server = {}, more = {}]: Change): Case => ({
  ...{ id, status: 'failed', text, fix, server, more },
});
