// Signing in through the browser, against a stand-in for Keystone's federation: the laboratory has no company to ask.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createPort } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCloud, type Person } from '../../../electron/cloud/index.ts';
import { browserToken, webssoUrl } from '../../../electron/cloud/websso.ts';
import type { Question } from '../../../shared/views.ts';

const UNSCOPED = 'unscoped-token';
const projects = [
  { id: 'a'.repeat(32), name: 'alpha', domain_id: 'd' },
  { id: 'b'.repeat(32), name: 'beta', domain_id: 'd' },
];
let keystone: Server;
let root: string;
let port: number;
let signIns = 0;

const tokenOf = (project?: (typeof projects)[number]) => ({
  token: {
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    user: { id: 'u', name: 'eve@corp' },
    ...(project ? { project: { id: project.id, name: project.name, domain: { id: 'd' } } } : {}),
    catalog: [],
  },
});

beforeAll(async () => {
  keystone = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://k');
    const json = (status: number, body: object, token?: string) => {
      response.writeHead(status, token ? { 'x-subject-token': token } : {});
      response.end(JSON.stringify(body));
    };
    if (/OS-FEDERATION.*\/websso|OS-FEDERATION\/websso/.test(url.pathname)) {
      signIns += 1;
      // Keystone's own sso_callback_template.html, shortened.
      return response.end(
        `<form id="sso" name="sso" action="${url.searchParams.get('origin')}" method="post"><textarea name="token">${UNSCOPED}</textarea></form>`,
      );
    }
    if (url.pathname === '/v3/auth/projects') return json(200, { projects });
    if (request.method === 'GET')
      return json(request.headers['x-subject-token'] === UNSCOPED ? 200 : 401, tokenOf());
    let text = '';
    for await (const chunk of request) text += chunk;
    const { identity, scope } = (
      JSON.parse(text) as { auth: { identity: { token: { id: string } }; scope: { project: object } } }
    ).auth;
    const wanted = projects.find((project) =>
      'id' in scope.project
        ? project.id === scope.project.id
        : 'name' in scope.project && project.name === scope.project.name,
    );
    if (identity.token.id !== UNSCOPED || !wanted) return json(401, { error: { message: 'no' } });
    return json(201, tokenOf(wanted), `token-of-${wanted.name}`);
  });
  await new Promise<void>((resolve) => keystone.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(keystone.address() as AddressInfo).port}/v3`;
});
afterAll(() => {
  keystone.closeAllConnections();
  keystone.close();
});
beforeEach(async () => {
  signIns = 0;
  port = await freePort();
});

async function freePort(): Promise<number> {
  const server = createPort();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: found } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return found;
}

const proof = (identityProvider: string | null = 'corp') =>
  ({ kind: 'websso', identityProvider, protocol: 'openid', port }) as const;

/** What the browser does with Keystone's page: it posts the form, from Keystone's origin. */
async function browse(url: string): Promise<Response> {
  const page = await (await fetch(url)).text();
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  const token = /<textarea name="token">([^<]*)/.exec(page)?.[1] ?? '';
  return await post(action, token, new URL(url).origin);
}

function post(address: string, token: string, origin: string): Promise<Response> {
  return fetch(address.replace('localhost', '127.0.0.1'), {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ token }),
  });
}

/** Somebody in front of a browser; their question stays open until it is withdrawn. */
function person(
  openBrowser: (url: string) => Promise<unknown>,
  questions: Omit<Question, 'id'>[] = [],
): Person {
  return {
    tickets: new Map(),
    openBrowser: async (url) => void (await openBrowser(url)),
    ask: {
      ask: (question, signal) => {
        questions.push(question);
        return new Promise((resolve) => {
          signal?.addEventListener('abort', () => resolve(null), { once: true });
        });
      },
    },
  };
}

test('the address is that of the identity provider, or of the protocol alone', () => {
  const origin = encodeURIComponent(`http://localhost:${port}/auth/websso/`);
  expect(webssoUrl('https://k/v3', proof())).toBe(
    `https://k/v3/auth/OS-FEDERATION/identity_providers/corp/protocols/openid/websso?origin=${origin}`,
  );
  expect(webssoUrl('https://k/v3', proof(null))).toBe(
    `https://k/v3/auth/OS-FEDERATION/websso/openid?origin=${origin}`,
  );
  expect(webssoUrl('https://k/v3', proof('../x?'))).toContain('/identity_providers/..%2Fx%3F/');
});

test('the browser signs in, and to another project without a second time', async () => {
  const questions: Omit<Question, 'id'>[] = [];
  const who = person(browse, questions);
  const secrets = { get: async () => '', put: async () => ({ ref: '', kept: 'memory' as const }) };
  const env = {
    OS_AUTH_TYPE: 'v3websso',
    OS_AUTH_URL: root,
    OS_PROTOCOL: 'openid',
    OS_REDIRECT_PORT: String(port),
  };
  Object.assign(process.env, env);
  try {
    const cloud = { kind: 'clouds.yaml', cloud: 'envvars' } as const;
    const alpha = await openCloud({ ...cloud, project: projects[0]?.id }, { secrets, person: who });
    expect(await alpha.view()).toMatchObject({ user: 'eve@corp', project: 'alpha', renewal: 'asks' });
    await alpha.close();
    const beta = await openCloud({ ...cloud, project: projects[1]?.id }, { secrets, person: who });
    expect(await beta.view()).toMatchObject({ project: 'beta' });
    await beta.close();
    await expect(openCloud(cloud, { secrets, person: who })).rejects.toMatchObject({
      code: 'cloud.choose-project',
      whatHappened: expect.stringContaining('alpha, beta'),
    });
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
  expect(signIns).toBe(1);
  expect(questions).toMatchObject([{ kind: 'browser', url: expect.stringContaining(root) }]);
});

test('what another page posts is not taken, nor anything that is no form with a token', async () => {
  const strangers: number[] = [];
  const token = await browserToken(
    root,
    proof(),
    person(async (url) => {
      const here = `http://localhost:${port}/auth/websso/`;
      strangers.push((await post(here, 'stolen', 'https://evil.example')).status);
      strangers.push((await post(`http://localhost:${port}/other`, 'stolen', 'null')).status);
      strangers.push((await post(here, 'two words', 'null')).status);
      strangers.push((await fetch(`http://127.0.0.1:${port}/auth/websso/?token=stolen`)).status);
      expect((await browse(url)).status).toBe(200);
    }),
  );
  expect(token).toBe(UNSCOPED);
  expect(strangers).toEqual([400, 400, 400, 400]);
});

test('the wait is bounded, can be cancelled, and ends with the signal; the port is free again then', async () => {
  const idle = person(async () => undefined);
  await expect(browserToken(root, proof(), idle, undefined, 50)).rejects.toMatchObject({
    code: 'cloud.sso-timeout',
  });
  const declined = { ...idle, ask: { ask: async () => null } };
  await expect(browserToken(root, proof(), declined)).rejects.toMatchObject({ code: 'cloud.nobody' });
  const stop = new AbortController();
  const waiting = browserToken(
    root,
    proof(),
    person(async () => stop.abort()),
    stop.signal,
  );
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  await expect(browserToken(root, proof(), null)).rejects.toMatchObject({ code: 'cloud.nobody' });
  expect(await browserToken(root, proof(), person(browse))).toBe(UNSCOPED);
});

test('a port that is taken is named', async () => {
  const other = createPort();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  await expect(browserToken(root, proof(), person(browse))).rejects.toMatchObject({
    code: 'cloud.sso-port',
    whatHappened: expect.stringContaining(String(port)),
  });
  await new Promise((resolve) => other.close(resolve));
});
