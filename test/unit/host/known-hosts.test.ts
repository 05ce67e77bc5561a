import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judge, knownLine, knownTypes, parseKnownHosts } from '../../../electron/host/known-hosts.ts';

const field = (data: string) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(data)]);
};
const key = (type: string, body: string) => Buffer.concat([field(type), field(body)]);
const mine = key('ssh-ed25519', 'mine');
const other = key('ssh-ed25519', 'other');
const line = (names: string, blob = mine) => knownLine(names, blob);
const state = (text: string, name = 'host') => judge(parseKnownHosts(text, 'file'), name, mine).state;
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('known_hosts', () => {
  it.each([
    ['a plain name', line('host')],
    ['one of several names', line('a,host,b')],
    ['another case', line('HOST')],
    ['a wildcard', line('h?s*')],
    ['a hash', line(hashed('host'))],
    ['a comment and damaged lines around it', `# host\n\nhost\nhost ssh-rsa AAAA\n${line('host')}`],
    ['an older key beside the right one', line('host', other) + line('host')],
    ['Windows line ends', line('host').replace('\n', '\r\n')],
  ])('knows the key of %s', (_what, text) => {
    expect(state(text)).toBe('known');
  });

  it.each([
    ['another name', line('hostile')],
    ['a dot that is no wildcard', line('h.st')],
    ['a negated name', line('*,!host')],
    ['another port', line('[host]:2222')],
    ['another hash', line(hashed('hostile'))],
    ['a certificate authority', `@cert-authority ${line('*')}`],
    ['an unknown marker', `@future ${line('host')}`],
    ['a type that is not the key’s', line('host').replace('ssh-ed25519', 'ssh-rsa')],
  ])('does not know it from %s', (_what, text) => {
    expect(state(text)).toBe('unknown');
  });

  it('tells a changed key, also when only another type is known', () => {
    expect(state(line('host', other))).toBe('changed');
    expect(state(line('host', key('ssh-rsa', 'x')))).toBe('changed');
  });

  it('tells a revoked key before anything else, but not for other hosts or keys', () => {
    expect(state(`${line('host')}@revoked ${line('*')}`)).toBe('revoked');
    expect(state(`${line('host')}@revoked ${line('elsewhere')}`)).toBe('known');
    expect(state(`@revoked ${line('*', other)}`)).toBe('unknown');
  });

  it('keeps ports apart', () => {
    expect(state(line('[host]:2222'), '[host]:2222')).toBe('known');
    expect(state(line('host'), '[host]:2222')).toBe('unknown');
    expect(state(line('[*]:2222'), '[host]:2222')).toBe('known');
  });

  it('names the types to ask the host for', () => {
    const text = `${line('host') + line('host', key('ssh-rsa', 'x'))}@revoked ${line('host', key('ssh-dss', 'y'))}`;
    expect(knownTypes(parseKnownHosts(text, 'file'), 'host')).toEqual(['ssh-ed25519', 'ssh-rsa']);
  });
});
