import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { innerAddresses, labEnv } from '../lab.ts';
import { bareSpec, emptyHome, leaveAll, meet, specOf } from './bench.ts';

const env = labEnv();
const { innerAddress, jumpAddress } = innerAddresses();
const { user } = env.hosts;
const password = user.password ?? '';
const whoami = async (host: { run: (words: string[]) => Promise<{ stdout: string }> }) =>
  (await host.run(['id', '-un'])).stdout.trim();
const account = (address: string) => /\/\/([^@]+)@/.exec(address)?.[1] ?? '';
const passwordOnly = { knownHosts: user.knownHosts, password: 'env:PW' } as const;

afterEach(leaveAll);

describe('signing in', () => {
  it.each(['user', 'sudo', 'inner'] as const)('works with a key file as %s', async (which) => {
    const { host, asked } = await meet(specOf(which));
    expect(await whoami(host)).toBe(account(env.hosts[which].address));
    expect(asked).toEqual([]);
    expect(host.state).toBe('connected');
  });

  it('names the host by user, host and port', async () => {
    const { host } = await meet(specOf('inner'));
    expect(host.key).toBe(`${account(env.hosts.inner.address)}@${innerAddress}:22`);
  });

  it.each([
    ['PEM', env.keys.rsaPem],
    ['PPK version 2', env.keys.ppk],
    ['PPK version 3', env.keys.ppk?.replace(/\.ppk$/, '.v3.ppk')],
  ])('works with a %s key', async (_kind, identity) => {
    const { host } = await meet(specOf('user', { identity: identity ?? '' }));
    expect(await whoami(host)).toBe(account(user.address));
  });

  it('works with a password that was given', async () => {
    const { host, asked } = await meet(bareSpec('user', passwordOnly), { secrets: { 'env:PW': password } });
    expect(await whoami(host)).toBe(account(user.address));
    expect(asked).toEqual([]);
  });

  it('asks what the server asks when there is no key and no password', async () => {
    const { host, asked } = await meet(bareSpec('user', { knownHosts: user.knownHosts }), {
      answer: () => [password],
    });
    expect(await whoami(host)).toBe(account(user.address));
    expect(asked).toMatchObject([{ kind: 'answers', fields: [{ label: 'Password:', echo: false }] }]);
  });

  it('asks again after a wrong answer', async () => {
    const answers = [['wrong'], [password]];
    const { asked } = await meet(bareSpec('user', { knownHosts: user.knownHosts }), {
      answer: () => answers.shift() ?? null,
    });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.text).toContain('did not accept');
  });

  it('asks for the passphrase of a key, up to three times', async () => {
    const spec = specOf('user', { identity: env.keys.encrypted });
    const answers = [['wrong'], ['wrong too'], [env.keys.passphrase]];
    const { host, asked } = await meet(spec, { answer: () => answers.shift() ?? null });
    expect(asked.map((question) => question.kind)).toEqual(['secret', 'secret', 'secret']);
    expect(asked[1]?.text).toContain('does not open the key');
    expect(await whoami(host)).toBe(account(user.address));
  });

  it('asks once for a key that serves the jump host and the host', async () => {
    const spec = specOf('inner', { identity: env.keys.encrypted });
    const { host, asked } = await meet(spec, { answer: () => [env.keys.passphrase] });
    expect(asked).toHaveLength(1);
    expect(await whoami(host)).toBe(account(env.hosts.inner.address));
  });

  it('takes a passphrase that was given', async () => {
    const spec = specOf('user', { identity: env.keys.encrypted, passphrase: 'env:PP' });
    const { asked } = await meet(spec, { secrets: { 'env:PP': env.keys.passphrase } });
    expect(asked).toEqual([]);
  });

  it('says what was tried when nothing is accepted', async () => {
    await expect(
      meet(bareSpec('user', passwordOnly), { secrets: { 'env:PW': 'wrong' } }),
    ).rejects.toMatchObject({
      code: 'host.auth-failed',
      whatHappened: expect.stringContaining('the password'),
      whatToDo: expect.stringContaining('publickey'),
    });
  });

  it('says that a key file is missing or is none', async () => {
    await expect(meet(specOf('user', { identity: '/nowhere/key' }))).rejects.toMatchObject({
      code: 'host.key-file-missing',
    });
    await expect(meet(specOf('user', { identity: '/etc/passwd' }))).rejects.toMatchObject({
      code: 'host.key-file-unusable',
    });
  });

  it('can be given up while it waits for an answer', async () => {
    const abort = new AbortController();
    const waiting = meet(bareSpec('user', { knownHosts: user.knownHosts }), {
      signal: abort.signal,
      answer: () => {
        abort.abort();
        return null;
      },
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('signing in with an SSH agent', () => {
  const folder = emptyHome();
  const socket = join(folder, 'agent.sock');
  const before = process.env.SSH_AUTH_SOCK;
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });

  beforeAll(async () => {
    await new Promise((resolve) => agent.stdout.once('data', resolve));
    execFileSync('ssh-add', ['-q', env.keys.rsaPem], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    process.env.SSH_AUTH_SOCK = socket;
  });
  afterAll(() => {
    agent.kill();
    if (before === undefined) delete process.env.SSH_AUTH_SOCK;
    else process.env.SSH_AUTH_SOCK = before;
  });

  it('needs no key file, also through a jump host', async () => {
    const { knownHosts } = user;
    const { host, asked } = await meet(bareSpec('inner', { knownHosts, agent: true }));
    expect(await whoami(host)).toBe(account(env.hosts.inner.address));
    expect(asked).toEqual([]);
  });

  it('goes on with other ways when the agent does not answer', async () => {
    process.env.SSH_AUTH_SOCK = join(folder, 'nobody.sock');
    const spec = bareSpec('user', { knownHosts: user.knownHosts, agent: true });
    const { host } = await meet(spec, { answer: () => [password] });
    expect(await whoami(host)).toBe(account(user.address));
    process.env.SSH_AUTH_SOCK = socket;
  });
});

describe('an alias of ~/.ssh/config', () => {
  it('brings host name, port, user, key and jump host', async () => {
    const userHome = emptyHome();
    mkdirSync(join(userHome, '.ssh/config.d'), { recursive: true });
    writeFileSync(
      join(userHome, '.ssh/config'),
      `Include config.d/*\nHost *\n  IdentityFile ${user.identity}\n`,
    );
    writeFileSync(
      join(userHome, '.ssh/config.d/lab'),
      [
        'Host kvm-*',
        `  HostName ${innerAddress}`,
        `  User ${account(env.hosts.inner.address)}`,
        '  ProxyJump gate',
        'Host gate',
        `  HostName ${jumpAddress}`,
        `  User ${account(env.hosts.inner.jump?.[0] ?? '')}`,
      ].join('\n'),
    );
    const spec = { kind: 'ssh', address: 'kvm-1', agent: false, knownHosts: user.knownHosts } as const;
    const { host } = await meet(spec, { userHome });
    expect(host.key).toBe(`${account(env.hosts.inner.address)}@${innerAddress}:22`);
    expect(await whoami(host)).toBe(account(env.hosts.inner.address));
  });
});

describe('a host that is not there', () => {
  it('is told apart: unknown name, refused, not an SSH server', async () => {
    const spec = (address: string) => ({ kind: 'ssh', address, agent: false }) as const;
    await expect(meet(spec('me@host.invalid'))).rejects.toMatchObject({ code: 'host.name-unknown' });
    await expect(meet(spec('ssh://me@127.0.0.1:1'))).rejects.toMatchObject({ code: 'host.unreachable' });
    await expect(meet(specOf('inner', { address: `ssh://me@${innerAddress}:9` }))).rejects.toMatchObject({
      code: 'host.unreachable',
    });
  });
});
