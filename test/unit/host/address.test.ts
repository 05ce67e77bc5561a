import { describe, expect, it } from 'vitest';
import { hostKey, knownName, parseAddress } from '../../../electron/host/address.ts';

describe('the address of a host', () => {
  it.each([
    ['host', { host: 'host' }],
    [' me@host ', { user: 'me', host: 'host' }],
    ['ssh://me@host:2222', { user: 'me', host: 'host', port: 2222 }],
    ['ssh://me@host/', { user: 'me', host: 'host' }],
    ['me@host:2222', { user: 'me', host: 'host', port: 2222 }],
    ['ssh://[fe80::1%eth0]:22', { host: 'fe80::1%eth0', port: 22 }],
    ['me@[::1]:2222', { user: 'me', host: '::1', port: 2222 }],
    ['::1', { host: '::1' }],
    ['me@corp.example@host', { user: 'me@corp.example', host: 'host' }],
    ['ssh://me%40corp@host', { user: 'me@corp', host: 'host' }],
    ['CORP\\me@host', { user: 'CORP\\me', host: 'host' }],
  ])('is read from %s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });

  it.each([
    '',
    '@host',
    'me@',
    'host:0',
    'host:70000',
    'a b',
    '-oProxyCommand=x',
    'me@-x',
    'http://host',
    'host/path',
  ])('is refused: "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(expect.objectContaining({ code: 'host.bad-address' }));
  });

  it('has a name in known_hosts and a key', () => {
    expect([knownName('Host', 22), knownName('::1', 2222)]).toEqual(['host', '[::1]:2222']);
    expect(hostKey('me', '::1', 22)).toBe('me@[::1]:22');
  });
});
