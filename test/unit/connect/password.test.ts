import { expect, test } from 'vitest';
import { type PasswordState, passwordState } from '../../../electron/connect/password.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const state = (more: Partial<PasswordState> = {}): PasswordState => ({
  encrypted: null,
  keypair: 'mine',
  keyType: 'ssh-rsa',
  status: 'ACTIVE',
  launchedAt: '2026-05-01T11:50:00.000000',
  adminPassGiven: false,
  ...more,
});

test('what was posted is decrypted, whatever else is known', () => {
  expect(passwordState(state({ encrypted: 'abc', status: 'SHUTOFF' }), NOW)).toEqual({
    state: 'decrypt',
    encrypted: 'abc',
  });
});

test.each<[string, Partial<PasswordState>, 'not-yet' | 'never', RegExp]>([
  ['a young server', {}, 'not-yet', /first start/],
  ['a server being built', { status: 'BUILD', launchedAt: null }, 'not-yet', /building/],
  ['a server switched off', { status: 'SHUTOFF' }, 'not-yet', /SHUTOFF/],
  ['a key whose type is unknown', { keyType: null }, 'not-yet', /first start/],
  ['a server without a key pair', { keypair: null, keyType: null }, 'never', /without a key pair/],
  ['a key that is not RSA', { keyType: 'ssh-ed25519' }, 'never', /ssh-ed25519/],
  ['a failed server', { status: 'ERROR' }, 'never', /ERROR/],
  ['a server that ran for long', { launchedAt: '2026-05-01T10:30:00.000000' }, 'never', /more than an hour/],
])('%s', (_name, more, expected, reason) => {
  const decided = passwordState(state(more), NOW);
  expect(decided.state).toBe(expected);
  expect('reason' in decided && decided.reason).toMatch(reason);
});

test('Nova’s times are UTC, wherever this computer is', () => {
  const almost = passwordState(state({ launchedAt: '2026-05-01T11:00:30.000000' }), NOW);
  const past = passwordState(state({ launchedAt: '2026-05-01T10:59:30.000000' }), NOW);
  expect([almost.state, past.state]).toEqual(['not-yet', 'never']);
});

test('a server with a chosen password says so', () => {
  const decided = passwordState(state({ keypair: null, keyType: null, adminPassGiven: true }), NOW);
  expect('reason' in decided && decided.reason).toMatch(/chosen password/);
});
