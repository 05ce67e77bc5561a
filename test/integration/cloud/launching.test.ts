// What a launch needs besides Nova: quotas, security groups, routes, floating IPs; against the real services.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForServer } from '../../../electron/cloud/index.ts';
import type { ServerOrder } from '../../../electron/cloud/types.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { activeImage, labCloud } from './lab-cloud.ts';
import { type LabProject, labProject } from './lab-project.ts';

const mark = `casement-fip-${randomUUID().slice(0, 8)}`;
let project: LabProject;
let image: string;
const { signal } = new AbortController();

beforeAll(async () => {
  project = await labProject();
  image = await activeImage(project.cloud, mark, project.name);
}, 60_000);
afterAll(async () => {
  const { cloud } = project;
  for (const { view } of await cloud.launched(mark)) await cloud.deleteServer(view.id);
  await until('the servers to go', async () => (await cloud.launched(mark)).length === 0, 30_000);
  for (const { id } of await cloud.floatingIps()) await cloud.releaseFloatingIp(id);
  await cloud.deleteImage(image);
  await project.close();
}, 60_000);

test('the quota of the project is told, and what is used of it', async () => {
  await project.quota({ instances: 7, cores: -1 });
  const limits = await project.cloud.limits();
  expect(limits).toMatchObject({
    instances: { used: 0, limit: 7 },
    cores: { used: 0, limit: null },
    metadataItems: 128,
    floatingIps: { used: 0 },
    volumesOffered: false,
    volumes: null,
  });
  expect(limits.ports?.used).toBeGreaterThan(0);
  expect(await project.cloud.zones()).toContain('nova');
});

test('a network says whether a router joins it to an external one', async () => {
  const networks = await project.cloud.networks();
  const own = networks.find(({ name }) => name === project.network);
  expect(own).toMatchObject({ gateway: project.external, external: false, shared: false, dhcp: true });
  expect(networks.find(({ id }) => id === project.external)).toMatchObject({ external: true, gateway: null });
  const lab = await labCloud();
  expect((await lab.networks()).find(({ name }) => name === labEnv().network)?.gateway).toBeNull();
  const open = (await lab.securityGroups()).find(({ name }) => name === 'default');
  expect(open?.rdpFrom).toEqual(['0.0.0.0/0']);
  await lab.close();
});

test('a server gets its own security group and a floating IP, a second one is refused, and all of it goes again', async () => {
  const { cloud } = project;
  expect((await cloud.securityGroups()).map(({ rdpFrom }) => rdpFrom)).toEqual([[]]);
  const group = await cloud.createSecurityGroup({ name: mark, description: 'mine', from: '198.51.100.7/32' });
  const [network] = (await cloud.networks()).filter(({ name }) => name === project.network);
  const order: ServerOrder = {
    name: mark,
    image,
    flavor: await cloud.flavorId('m1.small'),
    networks: [network?.id ?? ''],
    keypair: null,
    adminPass: null,
    tag: mark,
    index: 2,
    securityGroups: [group.id],
    zone: 'nova',
    configDrive: true,
    metadata: { purpose: 'test' },
    userData: '#ps1_sysnative\nWrite-Host "hällo"',
    tags: ['mine'],
  };
  const id = await cloud.createServer(order);
  await waitForServer(cloud, id, () => undefined, signal);
  expect((await cloud.launched(mark)).map(({ index, view }) => [index, view.id])).toEqual([[2, id]]);
  expect((await cloud.securityGroups()).find(({ name }) => name === mark)?.rdpFrom).toEqual([
    '198.51.100.7/32',
  ]);
  expect(await cloud.deleteSecurityGroup(group.id)).toBe(false);

  const [port] = await cloud.serverPorts(id);
  const wanted = { pool: project.external, port: port?.id ?? '', description: 'casement' };
  const floating = await cloud.allocateFloatingIp(wanted);
  expect(floating).toMatchObject({ port: port?.id, network: project.external });
  await expect(cloud.allocateFloatingIp(wanted)).rejects.toMatchObject({ code: 'cloud.floating-ip-taken' });
  await until(
    'Nova to hear of the floating IP',
    async () => (await cloud.server(id))?.addresses[0]?.address === floating.address,
    30_000,
  );

  await cloud.deleteServer(id);
  await until('the server to go', async () => (await cloud.server(id)) === null, 30_000);
  expect((await cloud.floatingIps()).map(({ port: hangs }) => hangs)).toEqual([null]);
  await cloud.releaseFloatingIp(floating.id);
  expect(await cloud.deleteSecurityGroup(group.id)).toBe(true);
});
