import { expect, test } from 'vitest';
import {
  authBody,
  checkRegion,
  endpointOf,
  identityOf,
  offersV3,
  projectsFrom,
  regionsOf,
  splitAuthUrl,
  tokenFrom,
} from '../../../electron/cloud/identity.ts';

const user = { name: 'u', domain: { id: 'default' } };
const project = { name: 'demo', domain: { name: 'Corp' } };
const password = { kind: 'password', user, password: 'p', passcode: false } as const;

test('a password signs in to the project', () => {
  expect(authBody(identityOf(password, null), project)).toEqual({
    auth: {
      identity: { methods: ['password'], password: { user: { ...user, password: 'p' } } },
      scope: { project },
    },
  });
});

test('asking for no project says so, or Keystone takes the default project', () => {
  expect(authBody(identityOf(password, null), 'unscoped')).toMatchObject({ auth: { scope: 'unscoped' } });
  expect(authBody(identityOf(password, null), null)).not.toHaveProperty('auth.scope');
});

test('an application credential names no scope, for it has its own', () => {
  const proof = { kind: 'application-credential', id: 'abc', secret: 's' } as const;
  expect(authBody(identityOf(proof, null), null)).toEqual({
    auth: {
      identity: { methods: ['application_credential'], application_credential: { id: 'abc', secret: 's' } },
    },
  });
});

test('a passcode stands beside the password or alone', () => {
  const totp = { user: { ...user, passcode: '123456' } };
  expect(identityOf({ ...password, passcode: true }, '123456')).toEqual({
    methods: ['password', 'totp'],
    password: { user: { ...user, password: 'p' } },
    totp,
  });
  expect(identityOf({ kind: 'totp', user }, '123456')).toEqual({ methods: ['totp'], totp });
});

test('the projects of an account are those that are enabled, by name', () => {
  const body = {
    projects: [
      { id: '2', name: 'b', domain_id: 'd' },
      { id: '1', name: 'a' },
      { id: '3', name: 'c', enabled: false },
    ],
  };
  expect(projectsFrom(JSON.stringify(body))).toEqual([
    { id: '1', name: 'a', domain: '' },
    { id: '2', name: 'b', domain: 'd' },
  ]);
  expect(projectsFrom('<html>')).toEqual([]);
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
