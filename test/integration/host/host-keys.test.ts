import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { innerAddresses, labEnv } from '../lab.ts';
import { bareSpec, emptyHome, labKey, leaveAll, meet } from './bench.ts';

const { identity, address } = labEnv().hosts.user;
const { jumpAddress } = innerAddresses();
const name = `[127.0.0.1]:${address.split(':').at(-1)}`;
const spec = bareSpec('user', { identity });

afterEach(leaveAll);

/** A person's home whose ~/.ssh/known_hosts holds `text`. */
function homeWith(text: string): string {
  const home = emptyHome();
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh/known_hosts'), text);
  return home;
}

/** Somebody else's key. */
function strangerKey(type: string): string {
  const file = join(emptyHome(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', '', '-f', file]);
  return readFileSync(`${file}.pub`, 'utf8').trim();
}

describe('the key of a host', () => {
  it('is shown once with its fingerprint, kept in our own file, and then known', async () => {
    const home = emptyHome();
    const { asked } = await meet(spec, { home, answer: () => [] });
    const printed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: labKey(name), encoding: 'utf8' });
    expect(asked).toMatchObject([{ kind: 'host-key', fields: [] }]);
    expect(printed).toContain(asked[0]?.fingerprint);
    const file = join(home, 'known_hosts');
    expect(readFileSync(file, 'utf8')).toBe(`${name} ${labKey(name).split(' ').slice(0, 2).join(' ')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await meet(spec, { home })).asked).toEqual([]);
  });

  it('is not trusted when it was declined, and nothing is written', async () => {
    const home = emptyHome();
    await expect(meet(spec, { home })).rejects.toMatchObject({ code: 'host.key-unknown' });
    expect(() => statSync(join(home, 'known_hosts'))).toThrow();
  });

  it.each([
    ['plainly', `${name} ${labKey(name)}\n`],
    ['by a wildcard', `[127.0.0.*]:* ${labKey(name)}\n`],
    ['among several names', `other,${name} ${labKey(name)}\n`],
    ['only by its RSA key', `${name} ${labKey(name, 'ssh-rsa')}\n`],
  ])('is taken from ~/.ssh/known_hosts when it stands there %s', async (_how, text) => {
    const userHome = homeWith(text);
    expect((await meet(spec, { userHome })).asked).toEqual([]);
    expect(readFileSync(join(userHome, '.ssh/known_hosts'), 'utf8')).toBe(text);
  });

  it('is found when ssh-keygen has hashed the file', async () => {
    const userHome = homeWith(`${name} ${labKey(name)}\n`);
    const file = join(userHome, '.ssh/known_hosts');
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).not.toContain('127.0.0.1');
    expect((await meet(spec, { userHome })).asked).toEqual([]);
  });

  it.each(['ed25519', 'ecdsa'])(
    'is refused without a question when another %s key is known',
    async (type) => {
      const userHome = homeWith(`${name} ${strangerKey(type)}\n`);
      const failed = meet(spec, {
        userHome,
        answer: () => {
          throw new Error('asked');
        },
      });
      await expect(failed).rejects.toMatchObject({
        code: 'host.key-changed',
        detail: expect.stringContaining('SHA256:'),
      });
    },
  );

  it('is refused when it was revoked, although it is known too', async () => {
    const userHome = homeWith(`${name} ${labKey(name)}\n@revoked * ${labKey(name)}\n`);
    await expect(meet(spec, { userHome })).rejects.toMatchObject({ code: 'host.key-revoked' });
  });

  it('of the jump host is checked as well, each on its own', async () => {
    const through = bareSpec('inner', { identity });
    const { asked } = await meet(through, { answer: () => [] });
    expect(asked.map((question) => question.kind)).toEqual(['host-key', 'host-key']);
    expect(asked[0]?.fingerprint).not.toBe(asked[1]?.fingerprint);
    const userHome = homeWith(`${jumpAddress} ${strangerKey('ed25519')}\n`);
    await expect(meet(through, { userHome })).rejects.toMatchObject({ code: 'host.key-changed' });
  });
});
