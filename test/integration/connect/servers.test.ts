// One call opens the desktop of a server that this computer reaches through an SSH host only. Root's way to the
// server's address ends in a black hole; the account of the KVM host, which is another user, reaches it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitForServer } from '../../../electron/cloud/index.ts';
import type { Cloud } from '../../../electron/cloud/types.ts';
import { probeRdp } from '../../../electron/connect/index.ts';
import { until } from '../../until.ts';
import { sampleArguments } from '../arguments.ts';
import { closeWay, openWay, openWays } from '../black-hole.ts';
import { activeImage, labCloud } from '../cloud/lab-cloud.ts';
import { labEnv } from '../lab.ts';

const PASSWORD = 'Kn0wn-to-us-only';
const mark = `casement-test-${randomUUID()}`;
const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
const { signal } = new AbortController();
let cloud: Cloud;
let image: string;
let server: string;
let address: string;
let screen: ChildProcess;
const env: NodeJS.ProcessEnv = { ...process.env, CASEMENT_HOME: home, KNOWN_PASSWORD: PASSWORD };

beforeAll(async () => {
  const words = ['-displayfd', '1', '-screen', '0', '1024x768x24', '-nolisten', 'tcp', '-noreset'];
  screen = spawn('Xvfb', words, { stdio: ['ignore', 'pipe', 'ignore'] });
  env.DISPLAY = await new Promise<string>((resolve, reject) => {
    screen.once('error', reject);
    screen.stdout?.once('data', (chunk: Buffer) => resolve(`:${chunk.toString().trim()}`));
  });
  cloud = await labCloud();
  image = await activeImage(cloud, mark);
  const launched = await cloud.launch({
    ...{ name: mark, image, flavor: 'm1.small', network: labEnv().network, keypair: null },
    ...{ adminPass: PASSWORD, tag: mark.slice(0, 50) },
  });
  server = launched.id;
  const { addresses } = await waitForServer(cloud, server, () => undefined, signal);
  address = addresses[0]?.address ?? '';
  openWays(address);
  await until('the desktop', async () => (await probeRdp(address, 3389, 2000)) === 'answers', 60_000);
  closeWay(address);
});
afterAll(async () => {
  openWay(address);
  await cloud.deleteServer(server);
  await cloud.deleteImage(image);
  await cloud.close();
  screen.kill();
});

test('nothing but the tunnel reaches it, one command opens its desktop, and no argument list shows the password', async () => {
  expect(await probeRdp(address, 3389, 1500)).toBe('unreachable');
  const child = casement('connect', mark, '--json', '--password', 'env:KNOWN_PASSWORD', ...kvmHost());
  const sampling = await sampleArguments(PASSWORD);
  const line = await child.line;
  expect(JSON.parse(line)).toEqual({ server, address, via: expect.stringContaining('@'), loggedIn: true });
  const { samples, longestPause, found } = await sampling.stop();
  expect(found).toEqual([]);
  expect(samples).toBeGreaterThan(50);
  console.log(`${samples} samples of all argument lists, longest pause ${longestPause} ms`);
  expect(windowsOn(env.DISPLAY ?? '')).toContain(mark);
  child.process.kill('SIGTERM');
});

test('without a host that reaches it, every way that was tried is told', async () => {
  const child = casement('connect', mark, '--json', '--password', 'env:KNOWN_PASSWORD');
  // The desktop is waited for: what is told meanwhile is that nothing answers.
  const said = await Promise.race([child.line, delay(8000, 'still waiting')]);
  child.process.kill('SIGTERM');
  expect(said).toBe('still waiting');
});

test('another certificate than the trusted one is refused before the password is sent', async () => {
  const kept = join(home, 'rdp', server, 'certificate.sha256');
  const trusted = readFileSync(kept, 'utf8');
  expect(trusted).toMatch(/^[0-9a-f]{64}\n$/);
  writeFileSync(kept, `${'0'.repeat(64)}\n`);
  const refused = casement('connect', mark, '--json', '--password', 'env:KNOWN_PASSWORD', ...kvmHost());
  expect(JSON.parse(await refused.line)).toMatchObject({ error: { code: 'connect.certificate-changed' } });
  const forgotten = casement(
    ...['connect', mark, '--json', '--forget-certificate', '--password', 'env:KNOWN_PASSWORD'],
    ...kvmHost(),
  );
  expect(JSON.parse(await forgotten.line)).toMatchObject({ loggedIn: true });
  forgotten.process.kill('SIGTERM');
  expect(readFileSync(kept, 'utf8')).toBe(trusted);
});

test('the list shows it with its image and its address, and exports it without a password', async () => {
  const rows = JSON.parse(await casement('servers', '--json', '--search', mark).line);
  expect(rows).toMatchObject([{ id: server, name: mark, imageName: mark, windows: true, status: 'ACTIVE' }]);
  const out = join(home, 'out');
  const said = await casement('servers', '--json', '--search', mark, '--export', 'remmina', '--out', out)
    .line;
  expect(JSON.parse(said)).toMatchObject({ servers: 1 });
  const [file = ''] = readdirSync(out);
  expect(readFileSync(join(out, file), 'utf8')).toContain(`server=${address}:3389`);
});

test('a launch behind a gateway counts a server as ready that this computer never sees', async () => {
  const name = `${mark.slice(0, 40)}-gw`;
  const closed = await cloud.createSecurityGroup({ name, description: '', from: '192.0.2.1/32' });
  const words = ['--name', name, '--flavor', 'm1.small', '--network', labEnv().network];
  const said = await casement(
    ...['launch', image, ...words, '--security-group', name, '--password', 'env:KNOWN_PASSWORD'],
    ...['--gateway', 'rdgw.example.com'],
  ).line;
  const id = /^\S+ {2}(\S+) {2}ready {2}/.exec(said)?.[1] ?? '';
  try {
    expect(await cloud.server(id)).toMatchObject({ name, status: 'ACTIVE' });
    const own = (await cloud.server(id))?.addresses[0]?.address ?? '';
    expect(await probeRdp(own, 3389, 1500)).toBe('unreachable');
  } finally {
    await cloud.deleteServer(id);
    await until('the server goes', async () => (await cloud.server(id)) === null, 30_000);
    await cloud.deleteSecurityGroup(closed.id);
  }
});

test('the chosen password is taken out of the metadata once, and stays the password of the server', async () => {
  const forget = () => casement('password', mark, '--json', '--forget').line;
  expect(JSON.parse(await forget())).toEqual({ server, removed: true });
  expect(await cloud.passwordFacts(server)).toMatchObject({ adminPassGiven: false });
  expect(JSON.parse(await forget())).toEqual({ server, removed: false });
});

function casement(...words: string[]): { process: ChildProcess; line: Promise<string> } {
  const { cloudsYaml, cloud: name } = labEnv().cloud;
  const [command = '', ...rest] = words;
  const child = spawn(
    process.execPath,
    ['electron/cli.ts', command, ...rest, '--cloud', name, '--clouds-file', cloudsYaml],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const line = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('exit', (code) => reject(new Error(`casement ${command} ended with ${code}`)));
  });
  line.catch(() => undefined);
  return { process: child, line };
}

function kvmHost(): string[] {
  const host = labEnv().hosts.user;
  return ['--via', host.address, '--via-identity', host.identity, '--via-known-hosts', host.knownHosts];
}

/** Titles of the windows on a display. */
function windowsOn(display: string): string {
  return execFileSync('xwininfo', ['-root', '-tree', '-display', display], { encoding: 'utf8' });
}
