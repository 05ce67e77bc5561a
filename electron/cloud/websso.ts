// Signing in through the browser, as Horizon does: Keystone sends the browser to the company's sign-in page and then
// posts a token to an address of this computer, where only this process listens, only until it came.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CasementError } from '../../shared/errors.ts';
import type { Proof } from './credentials.ts';
import { nobody, type Person } from './person.ts';

type Websso = Extract<Proof, { kind: 'websso' }>;

/** How long somebody may take to sign in, in ms; a second factor may lie in another room. */
const PATIENCE = 5 * 60_000;
/** Longest form that is read; a token of Keystone has at most 8 KiB. */
const LONGEST_FORM = 64 * 1024;
/** Path that keystoneauth-websso made usual: operators have allowed `http://localhost:9990/auth/websso/`. */
const PATH = '/auth/websso/';

/** Address at Keystone where the browser begins; `keystone` is its address with `/v3`. */
export function webssoUrl(keystone: string, { identityProvider, protocol, port }: Websso): string {
  const base = `${keystone}/auth/OS-FEDERATION`;
  const path =
    identityProvider === null
      ? `websso/${encodeURIComponent(protocol)}`
      : `identity_providers/${encodeURIComponent(identityProvider)}/protocols/${encodeURIComponent(protocol)}/websso`;
  return `${base}/${path}?${new URLSearchParams({ origin: originOf(port) })}`;
}

/** The token of no project that the browser brings. Throws `cloud.sso-timeout`, `cloud.sso-port` or `cloud.nobody`. */
export async function browserToken(
  keystone: string,
  proof: Websso,
  person: Person | null,
  signal?: AbortSignal,
  patience = PATIENCE,
): Promise<string> {
  if (person === null)
    throw nobody('This cloud is signed in to with a browser, and nobody is in front of one.');
  const url = webssoUrl(keystone, proof);
  const over = new AbortController();
  const { token, close } = await listen(proof.port, new URL(keystone).origin);
  const timer = setTimeout(() => over.abort(), patience);
  try {
    // The address also stands in the question: where no browser can be opened, the person opens it.
    const opening = person.openBrowser?.(url).catch(() => undefined);
    const declined = person.ask
      .ask(
        {
          kind: 'browser',
          title: 'Sign in with your browser',
          text: `${new URL(keystone).host} lets you sign in on a page in your browser. Casement goes on by itself once you have; it waits five minutes.`,
          fingerprint: null,
          url,
          fields: [],
        },
        over.signal,
      )
      .then((answer) => {
        if (answer === null && !over.signal.aborted)
          throw nobody('The sign-in in the browser was cancelled.');
        return stopped(over.signal);
      });
    // Nobody looks at what loses the race.
    declined.catch(() => undefined);
    const found = await Promise.race([
      token,
      declined,
      stopped(over.signal),
      ...(signal ? [stopped(signal)] : []),
    ]);
    await opening;
    if (found !== null) return found;
    signal?.throwIfAborted();
    throw tooLate(url);
  } finally {
    clearTimeout(timer);
    over.abort();
    close();
  }
}

/** Resolves with null once the signal fires. */
function stopped(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}

async function listen(
  port: number,
  keystone: string,
): Promise<{ token: Promise<string>; close: () => void }> {
  let found: (token: string) => void = () => undefined;
  const token = new Promise<string>((resolve) => {
    found = resolve;
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request, port, keystone).then((received) => {
      page(response, received);
      if (received !== null) found(received);
    });
  };
  const servers = [createServer(answer)];
  try {
    await bind(servers[0] as Server, port, '127.0.0.1');
  } catch (error) {
    throw portTaken(port, error);
  }
  // Browsers try ::1 for localhost too; a computer without IPv6 does without.
  const six = createServer(answer);
  if (
    await bind(six, port, '::1').then(
      () => true,
      () => false,
    )
  )
    servers.push(six);
  return {
    token,
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeIdleConnections();
      }
    },
  };
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => resolve());
  });
}

/** The token of a form that Keystone's page posted; null for anything else. */
async function receive(request: IncomingMessage, port: number, keystone: string): Promise<string | null> {
  const { host, origin } = request.headers;
  // Another page in the same browser could post its own token, or reach this port under its own name.
  const ours = host === `localhost:${port}` || host === `127.0.0.1:${port}`;
  const fromKeystone = origin === undefined || origin === 'null' || origin === keystone;
  const path = request.url?.split('?')[0] ?? '';
  if (request.method !== 'POST' || !ours || !fromKeystone || `${path.replace(/\/$/, '')}/` !== PATH) {
    request.resume();
    return null;
  }
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      text += chunk;
      if (text.length > LONGEST_FORM) return null;
    }
  } catch {
    return null;
  }
  const token = new URLSearchParams(text).get('token')?.trim();
  // What goes into a header later must be one word.
  return token && /^[\x21-\x7e]+$/.test(token) ? token : null;
}

function page(response: ServerResponse, token: string | null): void {
  const words =
    token === null
      ? 'This page only takes what your cloud sends after you signed in.'
      : 'You are signed in. Close this page and go back to Casement.';
  response.writeHead(token === null ? 400 : 200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><title>Casement</title><p>${words}</p>`);
}

const originOf = (port: number): string => `http://localhost:${port}${PATH}`;

function portTaken(port: number, error: unknown): CasementError {
  return new CasementError(
    {
      code: 'cloud.sso-port',
      title: 'The browser cannot answer Casement',
      whatHappened: `Port ${port} of this computer, to which the cloud sends the sign-in, is used by another program.`,
      whatToDo:
        'End the other sign-in (an openstack command may wait there), or set redirect_port in clouds.yaml to a port that the cloud allows.',
      detail: String(error),
    },
    error,
  );
}

function tooLate(url: string): CasementError {
  return new CasementError({
    code: 'cloud.sso-timeout',
    title: 'Nobody signed in with the browser',
    whatHappened: 'The sign-in in the browser did not come to its end in time.',
    whatToDo:
      'Try again. If the page said that the origin is not trusted, ask the operator to add the address at the end of the link below to trusted_dashboard in keystone.conf.',
    detail: url,
  });
}
