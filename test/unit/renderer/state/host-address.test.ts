import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeAddress, parseAddress, portProblem } from '../../../../renderer/state/host-address.ts';

describe('the address of an SSH host', () => {
  it.each([
    [{ host: 'kvm01', user: '', port: '' }, 'kvm01'],
    [{ host: 'kvm01', user: 'admin', port: '' }, 'admin@kvm01'],
    [{ host: 'kvm01', user: 'admin', port: '2222' }, 'ssh://admin@kvm01:2222'],
    [{ host: 'fe80::1', user: 'admin', port: '22' }, 'ssh://admin@[fe80::1]:22'],
    [{ host: 'ssh://a@b:1', user: 'ignored', port: '2' }, 'ssh://a@b:1'],
    [{ host: ' ', user: 'admin', port: '22' }, ''],
  ])('of %j is %s', (fields, address) => {
    expect(composeAddress(fields)).toBe(address);
  });

  it('comes apart again into the same fields', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
    const port = fc.integer({ min: 1, max: 65535 }).map(String);
    fc.assert(
      fc.property(word, word, port, (host, user, number) => {
        const fields = { host, user, port: number };
        expect(parseAddress(composeAddress(fields))).toEqual(fields);
      }),
    );
  });

  it('refuses ports that do not exist', () => {
    expect(portProblem('')).toBeNull();
    expect(portProblem('22')).toBeNull();
    for (const port of ['0', '65536', '2.5', 'ssh']) expect(portProblem(port)).not.toBeNull();
  });
});
