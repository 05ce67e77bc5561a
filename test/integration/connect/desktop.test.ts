import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForServer } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import {
  askRdp,
  checkCertificate,
  chooseClient,
  findWay,
  openDesktop,
  probeRdp,
  rdpClients,
} from '../../../electron/connect/index.ts';
import type { DesktopRequest } from '../../../electron/connect/types.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';
import { activeImage, labCloud } from '../cloud/lab-cloud.ts';
import { labEnv } from '../lab.ts';
import { startGateway } from './rd-gateway.ts';

const PASSWORD = 'Kn0wn-to-us-only';
const mark = `casement-test-${randomUUID()}`;
const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
const { signal } = new AbortController();
let cloud: Cloud;
let image: string;
let server: string;
let screen: ChildProcess;
let request: DesktopRequest;

beforeAll(async () => {
  // Without -noreset the X server starts anew when its last client leaves, and forgets a client that comes meanwhile.
  const words = ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-noreset'];
  screen = spawn('Xvfb', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const display = await new Promise<string>((resolve, reject) => {
    screen.once('error', reject);
    screen.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  process.env.DISPLAY = `:${display}`;
  cloud = await labCloud();
  image = await activeImage(cloud, mark);
  const launched = await cloud.launch({
    name: mark,
    image,
    flavor: 'm1.small',
    network: labEnv().network,
    keypair: null,
    adminPass: PASSWORD,
    tag: mark.slice(0, 50),
  });
  server = launched.id;
  const { addresses } = await waitForServer(cloud, server, () => undefined, signal);
  const asked = {
    client: chooseClient(await rdpClients(), 'auto'),
    address: addresses[0]?.address ?? '',
    port: 3389,
    user: 'Administrator',
    password: PASSWORD,
    title: 'Casement test',
    server,
  };
  await findWay([asked.address], [], signal, { waitMs: 60_000 });
  request = { ...asked, certificate: await checkCertificate(home, { ...asked, signal }) };
});
afterAll(async () => {
  await cloud.deleteServer(server);
  await cloud.deleteImage(image);
  await cloud.close();
  screen.kill();
});

test('the desktop of a launched server answers and asks for NLA', async () => {
  const way = await findWay([request.address], [], signal);
  expect(way).toMatchObject({ address: request.address, port: 3389, via: 'direct', hostLabel: null });
  expect(await askRdp(request.address, 3389, 3000)).toEqual({
    reach: 'answers',
    nla: true,
    tls: true,
  });
});

test('the right password opens it, and stands in no argument list, environment or file', async () => {
  const session = openDesktop(request, home);
  const found: string[] = [];
  let sampled = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      const texts = ofAllProcesses();
      sampled += texts.length;
      found.push(...texts.filter((text) => text.includes(PASSWORD)));
      await delay(20);
    }
  })();
  await session.opened.finally(() => {
    over = true;
  });
  await watch;
  expect(sampled).toBeGreaterThan(100);
  expect(found).toEqual([]);
  for (const file of filesBelow(home)) expect(readFileSync(file, 'latin1')).not.toContain(PASSWORD);
  session.close();
  expect(await session.closed).toBeNull();
});

test('the certificate of the server stays the same, and FreeRDP takes no other than the checked one', async () => {
  expect(await checkCertificate(home, { ...request, signal })).toBe(request.certificate);
  const session = openDesktop({ ...request, certificate: '00'.repeat(32) }, home);
  await expect(session.opened).rejects.toMatchObject({ code: 'connect.certificate-changed' });
  expect(await session.closed).toMatchObject({ code: 'connect.certificate-changed' });
});

test('a wrong password is told as such', async () => {
  const session = openDesktop({ ...request, password: 'Wr0ng-password' }, home);
  await expect(session.opened).rejects.toMatchObject({ code: 'connect.wrong-password' });
  expect(await session.closed).toMatchObject({ code: 'connect.wrong-password' });
});

test('a gateway leads to the desktop once it has checked the account there', async () => {
  const gateway = await startGateway({ domain: 'DOM', user: 'me', password: 'Gateway-2026' });
  const options = desktopOptions.parse({ gateway: { address: gateway.address, user: 'DOM\\me' } });
  const behind = { ...request, certificate: null, options, gatewayPassword: 'Gateway-2026' };
  const session = openDesktop(behind, home);
  await session.opened;
  expect(gateway).toMatchObject({ admitted: ['DOM\\me'], led: [`${request.address}:3389`] });
  session.close();
  expect(await session.closed).toBeNull();
  const refused = (more: Partial<DesktopRequest> = {}) => openDesktop({ ...behind, ...more }, home).opened;
  await expect(refused({ gatewayPassword: 'Wr0ng-password' })).rejects.toMatchObject({
    code: 'connect.gateway-password',
    whatHappened: expect.stringContaining('did not take DOM\\me'),
    detail: expect.stringContaining('ERRCONNECT_ACCESS_DENIED'),
  });
  expect(gateway.admitted).toHaveLength(1);
  await expect(refused({ password: 'Wr0ng-password' })).rejects.toMatchObject({
    code: 'connect.wrong-password',
  });
  for (const [refuse, code, says] of [
    ['account', 'connect.gateway-denied', 'connection policy'],
    ['resource', 'connect.gateway-denied', `does not allow ${request.address}`],
    ['server', 'connect.gateway-unanswered', 'no desktop answered it'],
  ] as const) {
    gateway.refuse = refuse;
    await expect(refused(), refuse).rejects.toMatchObject({
      code,
      whatHappened: expect.stringContaining(says),
    });
  }
  gateway.close();
  await expect(refused()).rejects.toMatchObject({ code: 'connect.gateway-unreachable' });
});

test('a gateway without an account of its own gets that of the server', async () => {
  const gateway = await startGateway({ domain: '', user: request.user, password: PASSWORD });
  const options = desktopOptions.parse({ gateway: { address: gateway.address } });
  const session = openDesktop({ ...request, certificate: null, options }, home);
  await session.opened;
  expect(gateway.admitted).toEqual([`\\${request.user}`]);
  session.close();
  await session.closed;
  gateway.close();
});

test('the account of the server may have another password at the gateway, and another account the same one', async () => {
  for (const account of [
    { domain: '', user: request.user, password: 'Gateway-2026' },
    { domain: 'DOM', user: 'me', password: PASSWORD },
  ]) {
    const gateway = await startGateway(account);
    const { domain, user, password } = account;
    const own = domain === '' ? {} : { user: `${domain}\\${user}` };
    const options = desktopOptions.parse({ gateway: { address: gateway.address, ...own } });
    const more = password === PASSWORD ? {} : { gatewayPassword: password };
    const session = openDesktop({ ...request, certificate: null, options, ...more }, home);
    await session.opened;
    expect(gateway.admitted).toEqual([`${domain}\\${user}`]);
    session.close();
    await session.closed;
    gateway.close();
  }
});

test('a port where nothing listens is refused, not unreachable', async () => {
  // The gateway of the network is this machine: it refuses at once.
  const gateway = request.address.replace(/\d+$/, '1');
  expect(await probeRdp(gateway, 3391, 3000)).toBe('refused');
  const session = openDesktop({ ...request, address: gateway, port: 3391 }, home);
  await expect(session.opened).rejects.toMatchObject({ code: 'connect.refused' });
});

test('an address without a server is unreachable', async () => {
  const nobody = request.address.replace(/\d+$/, '254');
  expect(await probeRdp(nobody, 3389, 1500)).toBe('unreachable');
  await expect(findWay([nobody], [], signal)).rejects.toMatchObject({ code: 'connect.unreachable' });
});

test('no session leaves a folder behind', () => {
  expect(readdirSync(join(home, 'rdp-sessions'))).toEqual([]);
});

/** Argument list and environment of every process but this one. */
function ofAllProcesses(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) =>
      ['cmdline', 'environ'].map((name) => {
        try {
          return readFileSync(`/proc/${pid}/${name}`, 'latin1');
        } catch {
          return '';
        }
      }),
    );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
