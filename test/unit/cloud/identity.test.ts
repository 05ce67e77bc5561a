import { expect, test } from 'vitest';
import type { Credentials } from '../../../electron/cloud/credentials.ts';
import {
  authBody,
  checkRegion,
  endpointOf,
  offersV3,
  regionsOf,
  splitAuthUrl,
  tokenFrom,
} from '../../../electron/cloud/identity.ts';

const credentials: Credentials = {
  authUrl: 'http://k/v3',
  proof: {
    kind: 'password',
    user: { name: 'u', domain: { id: 'default' } },
    password: 'p',
    project: { name: 'demo', domain: { name: 'Corp' } },
  },
  region: null,
  interface: 'public',
  caFile: null,
  verify: true,
};

test('a password signs in to the project', () => {
  expect(authBody(credentials)).toEqual({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'u', domain: { id: 'default' }, password: 'p' } },
      },
      scope: { project: { name: 'demo', domain: { name: 'Corp' } } },
    },
  });
});

test('asking for no project says so, or Keystone takes the default project', () => {
  expect(authBody(credentials, false)).toMatchObject({ auth: { scope: 'unscoped' } });
});

test('an application credential names no scope, for it has its own', () => {
  const proof = { kind: 'application-credential', id: 'abc', secret: 's' } as const;
  expect(authBody({ ...credentials, proof })).toEqual({
    auth: {
      identity: { methods: ['application_credential'], application_credential: { id: 'abc', secret: 's' } },
    },
  });
});

test.each([
  ['http://k:5000', { root: 'http://k:5000', versioned: false }],
  ['http://k:5000/v3/', { root: 'http://k:5000', versioned: true }],
  ['https://k/identity/v3/auth/tokens', { root: 'https://k/identity', versioned: true }],
  ['https://k/identity/v2.0', { root: 'https://k/identity', versioned: false }],
])('%s is split into root and version', (url, parts) => {
  expect(splitAuthUrl(url)).toEqual(parts);
});

test('a version list is told from any other text', () => {
  expect(offersV3('{"versions": {"values": [{"id": "v3.14"}]}}')).toBe(true);
  expect(offersV3('{"version": {"id": "v3.14"}}')).toBe(true);
  expect(offersV3('{"versions": {"values": [{"id": "v2.0"}]}}')).toBe(false);
  expect(offersV3('{"versions": [{"id": "v2.15"}]}')).toBe(null);
  expect(offersV3('<html>')).toBe(null);
});

const catalog = [
  {
    type: 'image',
    name: 'glance',
    endpoints: [
      { url: 'http://north/', interface: 'public', region: 'North', region_id: 'North' },
      { url: 'http://south', interface: 'public', region: 'South' },
      { url: 'http://inner', interface: 'internal', region: 'North' },
    ],
  },
];

test('an endpoint is chosen by type, region and interface', () => {
  expect(endpointOf(catalog, 'image', null, 'public')).toBe('http://north');
  expect(endpointOf(catalog, 'image', 'South', 'public')).toBe('http://south');
  expect(endpointOf(catalog, 'image', 'North', 'internal')).toBe('http://inner');
  expect(() => endpointOf(catalog, 'image', 'South', 'internal')).toThrowError(
    expect.objectContaining({ code: 'cloud.no-service' }),
  );
});

test('an unknown region is answered with the known ones', () => {
  expect(regionsOf(catalog)).toEqual(['North', 'South']);
  expect(() => checkRegion(catalog, 'Mars')).toThrowError(
    expect.objectContaining({
      code: 'cloud.no-region',
      whatHappened: expect.stringContaining('North, South'),
    }),
  );
  expect(() => checkRegion(catalog, 'South')).not.toThrow();
});

test('a token’s life is measured by Keystone’s clock, not by this computer’s', () => {
  const text = JSON.stringify({
    token: {
      issued_at: '1999-01-01T00:00:00.000000Z',
      expires_at: '1999-01-01T01:00:00.000000Z',
      user: { id: '1', name: 'eve' },
      project: { id: '2', name: 'demo' },
      roles: [{ id: '3', name: 'member' }],
    },
  });
  expect(tokenFrom('t', text)).toMatchObject({
    id: 't',
    lifetimeMs: 3_600_000,
    user: 'eve',
    roles: ['member'],
  });
  expect(() => tokenFrom(undefined, text)).toThrowError(
    expect.objectContaining({ code: 'cloud.not-keystone' }),
  );
  expect(() => tokenFrom('t', '<html>')).toThrowError(
    expect.objectContaining({ code: 'cloud.not-keystone' }),
  );
});
