import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Glance } from '../../../electron/cloud/glance.ts';
import { Nova } from '../../../electron/cloud/nova.ts';
import { Session } from '../../../electron/cloud/session.ts';
import { toErrorData } from '../../../shared/errors.ts';

const OWN = 'casement-build-1';
const STRANGER = { status: 'ACTIVE', metadata: { 'casement-tag': 'another' }, tags: ['casement-build-2'] };
const image = (id: string, tags: string[]) => ({ id, status: 'active', tags });

// A cloud that ignores every filter; what it lists and how it answers a launch is set by the test.
let servers: object[] = [];
let images: object[] = [];
let refuse: (body: string) => string = () => '';
let newest = '2.93';
const seen: string[] = [];
const answers = async (request: IncomingMessage, base: string): Promise<[number, object | string]> => {
  const path = new URL(request.url ?? '', base).pathname;
  seen.push(`${request.method} ${path}`);
  if (path === '/v3/auth/tokens') {
    const at = (type: string, url: string) => ({ type, endpoints: [{ url, interface: 'public' }] });
    const catalog = [at('compute', `${base}/v2.1`), at('image', base)];
    return [201, { token: { expires_at: '2999-01-01T00:00:00Z', user: {}, catalog } }];
  }
  if (path === '/v2.1/') return [200, { version: { version: newest } }];
  if (path === '/v2.1/servers/detail') return [200, { servers }];
  if (path === '/v2.1/flavors/detail')
    return [200, { flavors: [{ id: 'f', name: 'f', vcpus: 1, ram: 1, disk: 1 }] }];
  if (path === '/v2/images') return [200, { images }];
  return [400, refuse(await text(request))];
};
const server = createServer((request, response) => {
  void answers(request, `http://${request.headers.host}`).then(([status, body]) => {
    response.writeHead(status, { 'x-subject-token': 'token' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
});

let session: Session;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  session = await Session.open({
    authUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`,
    proof: { kind: 'password', user: { name: 'u' }, password: 'p', passcode: false },
    project: { name: 'p' },
    region: null,
    interface: 'public',
    caFile: null,
    certFile: null,
    keyFile: null,
    verify: true,
  });
});
afterAll(async () => {
  await session.http.close();
  server.close();
});
beforeEach(() => {
  newest = '2.93';
  refuse = () => '';
  seen.length = 0;
});

const wish = { name: 's', image: 'i', flavor: 'f', network: null, keypair: null, adminPass: null, tag: OWN };

test.each([
  ['2.93', 'that knows tags', { tags: [OWN, 'x'] }],
  ['2.1', 'of old', { metadata: { 'casement-tag': OWN } }],
])('of a Nova %s %s only the servers of this launch are believed to be so', async (version, _which, mark) => {
  newest = version;
  servers = [{ id: 'theirs', ...STRANGER }, { id: 'bare' }, { id: 'own', status: 'ERROR', ...mark }];
  expect((await new Nova(session).servers(OWN)).map(({ id }) => id)).toEqual(['own']);
  expect(await new Nova(session).servers()).toHaveLength(3);
});

test('a stranger’s server is not adopted by a launch', async () => {
  servers = [{ id: 'theirs', ...STRANGER }];
  await expect(new Nova(session).launch(wish)).rejects.toMatchObject({ code: 'cloud.refused' });
  expect(seen).toContain('POST /v2.1/servers');
});

test('a stranger’s image is not taken for the one of this build', async () => {
  images = [image('theirs', ['casement-build-2']), image('bare', [])];
  expect(await new Glance(session).byTag(OWN)).toBeNull();
  images = [...images, image('own', [OWN])];
  expect(await new Glance(session).byTag(OWN)).toMatchObject({ id: 'own' });
});

// As Nova refuses metadata: Python's repr of the request inside a JSON text.
const quoting = (repr: string) =>
  JSON.stringify({ badRequest: { code: 400, message: `Invalid input for field metadata. Value: ${repr}.` } });

test.each([
  ['plain', 'S3cret-Pass', "'S3cret-Pass'"],
  ['with a backslash and an apostrophe', "a\\b'C9", '"a\\\\b\'C9"'],
  ['with both quotes', `a'b"C9`, `'a\\'b"C9'`],
  ['beyond ASCII', 'Grüße-"9', `'Grüße-"9'`],
  ['with what HTML escapes', `<a>&"9  Z`, `'<a>&"9  Z'`],
])(
  'an admin_pass %s is in no field of the error when Nova quotes the request',
  async (_kind, adminPass, repr) => {
    servers = [];
    const ascii = (json: string) =>
      json.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    const html = (s: string) =>
      s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
    for (const shape of [
      () => quoting(repr),
      () => ascii(quoting(repr)),
      () => ascii(quoting(`${'x'.repeat(348)}${repr}`)),
      () => `<html><body><h1>400</h1>${html(repr)}</body></html>`,
      (body: string) => body,
    ]) {
      refuse = shape;
      const error = await new Nova(session).launch({ ...wish, adminPass }).catch(toErrorData);
      const said = JSON.stringify(error);
      expect(error).toMatchObject({ code: 'cloud.refused', whatHappened: expect.stringContaining('•••') });
      expect(said).not.toMatch(/S3cret|C9|9 {1,2}Z|Gr(ü|\\+u00fc)|-\\*"9/);
    }
  },
);
