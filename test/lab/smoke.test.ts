// The laboratory does what its README says: bring it up first, `node test/lab/lab.ts up`.
import { execFile, spawn } from 'node:child_process';
import { constants, createHash, privateDecrypt, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabEnv } from './env.ts';
import { Client } from './openstack/client.ts';
import { readJson } from './system/files.ts';
import { waitFor } from './system/wait.ts';

const execute = promisify(execFile);
const WORK = mkdtempSync(join(tmpdir(), 'lab-smoke-'));
const LAB = join(import.meta.dirname, 'lab.ts');
const COMPUTE = { 'OpenStack-API-Version': 'compute 2.37' };

let env: LabEnv;
let demo: Client;
let url: { image: string; compute: string; network: string };
let image: string;
const undo: (() => Promise<unknown>)[] = [];

async function bootServer(name: string, extra: Record<string, unknown>) {
  const { networks } = await demo.call<{ networks: { id: string }[] }>(
    'GET',
    `${url.network}/v2.0/networks?name=${env.network}`,
  );
  const wanted = { name, imageRef: image, flavorRef: '2', networks: [{ uuid: networks[0]?.id }], ...extra };
  const { server } = await demo.call<{ server: { id: string } }>(
    'POST',
    `${url.compute}/servers`,
    { server: wanted },
    COMPUTE,
  );
  undo.push(() => demo.call('DELETE', `${url.compute}/servers/${server.id}`));
  const ready = await waitFor(async () => {
    const state = readJson<{ address: string; state: string }>(
      join(env.servers.dir, server.id, 'state.json'),
    );
    return state?.state === 'ready' && state;
  }, 60_000);
  if (ready === undefined) throw new Error(`no desktop for ${name}`);
  return { id: server.id, address: ready.address };
}

/** Logs in over RDP below a display of its own; resolves to 'session' or to the client's exit code. */
async function rdp(address: string, password: string): Promise<'session' | number | null> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  try {
    const number = await new Promise<string>((resolve) =>
      screen.stdio[3]?.once('data', (chunk: Buffer) => resolve(`${chunk}`.trim())),
    );
    const display = { ...process.env, DISPLAY: `:${number}`, HOME: WORK };
    const client = spawn(
      'xfreerdp',
      [`/v:${address}`, '/u:Administrator', '/d:', '/from-stdin', '/cert:ignore'],
      {
        env: display,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    client.stdin.end(`${password}\n`);
    const outcome = await waitFor(
      async () => {
        if (client.exitCode !== null) return { code: client.exitCode };
        const { stdout } = await execute('xwininfo', ['-root', '-tree'], { env: display });
        return stdout.includes('FreeRDP:') && { code: 'session' as const };
      },
      30_000,
      200,
    );
    client.kill();
    return outcome?.code ?? null;
  } finally {
    screen.kill();
  }
}

/** Whether a TCP connection to the RDP port comes about within two seconds. */
const reaches = (address: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: address, port: 3389, timeout: 2000 });
    const settle = (reached: boolean) => {
      socket.destroy();
      resolve(reached);
    };
    socket
      .once('connect', () => settle(true))
      .once('timeout', () => settle(false))
      .once('error', () => settle(false));
  });

const ssh = async (address: string, command: string, jump?: string) => {
  const { identity, knownHosts } = env.hosts.user;
  const words = [
    '-F',
    'none',
    '-i',
    identity,
    '-o',
    `UserKnownHostsFile=${knownHosts}`,
    '-o',
    'StrictHostKeyChecking=yes',
    '-o',
    'BatchMode=yes',
  ];
  const through = jump === undefined ? [] : ['-o', `ProxyCommand=ssh ${words.join(' ')} -W %h:%p ${jump}`];
  return (await execute('ssh', [...words, ...through, address, command])).stdout.trim();
};

beforeAll(async () => {
  env = JSON.parse((await execute(process.execPath, [LAB, 'env', '--json'])).stdout) as LabEnv;
  const { authUrl, username, password, project } = env.cloud;
  demo = new Client({ authUrl, username, password, project });
  const at = (offset: number) => `http://127.0.0.1:${env.portBase + offset}`;
  url = { image: at(1), compute: `${at(4)}/v2.1`, network: at(3) };
  const made = await demo.call<{ id: string }>('POST', `${url.image}/v2/images`, {
    name: 'smoke',
    disk_format: 'raw',
    container_format: 'bare',
  });
  image = made.id;
  undo.push(() => demo.call('DELETE', `${url.image}/v2/images/${image}`));
});

afterAll(async () => {
  for (const step of undo.reverse()) {
    // A security group or an image can be deleted once the server that used it is gone.
    const done = await waitFor(
      () =>
        step().then(
          () => true,
          () => false,
        ),
      20_000,
      500,
    );
    if (done !== true) console.error(`left behind: ${step}`);
  }
  rmSync(WORK, { recursive: true });
});

describe('the cloud', () => {
  test('refuses a wrong password', async () => {
    const stranger = new Client({
      authUrl: env.cloud.authUrl,
      username: 'demo',
      password: 'no',
      project: 'demo',
    });
    await expect(stranger.token()).rejects.toMatchObject({ status: 401 });
  });

  test('stores an image and says its hash', async () => {
    const bytes = new Uint8Array(randomBytes(1 << 20));
    await demo.call('PUT', `${url.image}/v2/images/${image}/file`, bytes, {
      'Content-Type': 'application/octet-stream',
    });
    const stored = await demo.call<{ status: string; os_hash_value: string }>(
      'GET',
      `${url.image}/v2/images/${image}`,
    );
    expect(stored.status).toBe('active');
    expect(stored.os_hash_value).toBe(createHash('sha512').update(bytes).digest('hex'));
  });
});

describe('a booted server', () => {
  test('opens its desktop for the injected password and for no other', async () => {
    const password = `Smoke-${randomBytes(9).toString('base64url')}-7`;
    const { address } = await bootServer('smoke-injected', { metadata: { admin_pass: password } });
    expect(await rdp(address, password)).toBe('session');
    expect(await rdp(address, 'Wrong-Password-1')).toEqual(expect.any(Number));
  }, 120_000);

  test('ignores an injected password that Windows would refuse', async () => {
    const { address } = await bootServer('smoke-weak', { metadata: { admin_pass: 'weak' } });
    expect(await rdp(address, 'weak')).toEqual(expect.any(Number));
  }, 120_000);

  test('posts a generated password that the key decrypts and the desktop accepts', async () => {
    const key = join(WORK, 'key.pem');
    await execute('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '', '-f', key]);
    const name = `smoke-${Date.now()}`;
    await demo.call('POST', `${url.compute}/os-keypairs`, {
      keypair: { name, public_key: readFileSync(`${key}.pub`, 'utf8').trim() },
    });
    undo.push(() => demo.call('DELETE', `${url.compute}/os-keypairs/${name}`));
    const { id, address } = await bootServer('smoke-generated', { key_name: name });
    const { password } = await demo.call<{ password: string }>(
      'GET',
      `${url.compute}/servers/${id}/os-server-password`,
    );
    // Recent runtimes refuse to undo PKCS#1 v1.5 padding: 00 02, random bytes, 00, message.
    const block = privateDecrypt(
      { key: readFileSync(key), padding: constants.RSA_NO_PADDING },
      Buffer.from(password, 'base64'),
    );
    const plain = block.subarray(block.indexOf(0, 2) + 1).toString();
    expect(plain).toMatch(/^[a-zA-Z0-9]{20}$/);
    expect(await rdp(address, plain)).toBe('session');
  }, 120_000);
});

describe('security groups', () => {
  test('keep RDP out until a rule lets it in', async () => {
    const base = `${url.network}/v2.0`;
    const { security_group: group } = await demo.call<{ security_group: { id: string } }>(
      'POST',
      `${base}/security-groups`,
      { security_group: { name: `smoke-${Date.now()}` } },
    );
    undo.push(() => demo.call('DELETE', `${base}/security-groups/${group.id}`));
    const { id, address } = await bootServer('smoke-closed', {});
    const { ports } = await demo.call<{ ports: { id: string }[] }>('GET', `${base}/ports?device_id=${id}`);
    await demo.call('PUT', `${base}/ports/${ports[0]?.id}`, { port: { security_groups: [group.id] } });
    expect(await waitFor(async () => !(await reaches(address)), 10_000)).toBe(true);
    const rule = { security_group_id: group.id, direction: 'ingress', ethertype: 'IPv4', protocol: 'tcp' };
    await demo.call('POST', `${base}/security-group-rules`, {
      security_group_rule: { ...rule, port_range_min: 3389, port_range_max: 3389 },
    });
    expect(await waitFor(() => reaches(address), 10_000)).toBe(true);
  });
});

describe('the SSH hosts', () => {
  test('let the plain user in, without root rights', async () => {
    const root = ssh(env.hosts.user.address, 'sudo -n id -u');
    await expect(root).rejects.toThrow();
    expect(await ssh(env.hosts.user.address, 'id -un')).toMatch(/^casement-lab/);
  });

  test('let the sudo user become root', async () => {
    expect(await ssh(env.hosts.sudo.address, 'sudo -n id -u')).toBe('0');
  });

  test('hide the inner host behind the jump host', async () => {
    const { address, jump } = env.hosts.inner;
    await expect(ssh(address, 'true')).rejects.toThrow();
    expect(await ssh(address, 'id -un', jump[0])).toMatch(/^casement-inner/);
  });
});
