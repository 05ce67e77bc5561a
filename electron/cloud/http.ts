// One HTTP client per sign-in: its own agent and certificates, no global state. Failures below HTTP become sentences.
import type { Readable } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { Agent, request } from 'undici';
import { CasementError, isAbort } from '../../shared/errors.ts';
import { certificates, type Trust } from './certificates.ts';
import type { Answer } from './faults.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
  readonly signal?: AbortSignal;
  /** Longest silence of the server in ms; default 60 s, Nova and Neutron take their time under load. */
  readonly timeoutMs?: number;
}

const CONNECT_TIMEOUT = 10_000;
const ANSWER_TIMEOUT = 60_000;
/** A service's answer to a list fits in far less; more is not OpenStack. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

export class Http {
  readonly #agent: Agent;
  /** How certificates are judged, for connections of another kind to the same cloud (a console's WebSocket). */
  readonly trust: SecureContextOptions & { readonly rejectUnauthorized: boolean };

  private constructor(agent: Agent, trust: Http['trust']) {
    this.#agent = agent;
    this.trust = trust;
  }

  /** A client that trusts the system's authorities and those of `caFile`. Throws for a file that holds no PEM. */
  static async open(trust: Trust): Promise<Http> {
    const judged = { rejectUnauthorized: trust.verify, ...(await certificates(trust)) };
    const connect = { timeout: CONNECT_TIMEOUT, ...judged };
    return new Http(new Agent({ connect, maxResponseSize: LONGEST_ANSWER }), judged);
  }

  /** The answer, whatever its status. Throws `cloud.unreachable`, `cloud.tls` or `cloud.timeout`. */
  async send(wanted: HttpRequest): Promise<Answer> {
    wanted.signal?.throwIfAborted();
    try {
      return await this.#once(wanted);
    } catch (error) {
      wanted.signal?.throwIfAborted();
      // A kept-alive connection that the server closed meanwhile: a question may be asked again.
      if (wanted.method === 'GET' && /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/.test(codeOf(error)))
        return await this.#once(wanted).catch((again: unknown) => {
          throw networkError(wanted.url, again);
        });
      throw networkError(wanted.url, error);
    }
  }

  async #once(wanted: HttpRequest): Promise<Answer> {
    const timeout = wanted.timeoutMs ?? ANSWER_TIMEOUT;
    const response = await request(wanted.url, {
      method: wanted.method,
      headers: { 'user-agent': 'casement', accept: 'application/json', ...wanted.headers },
      body: wanted.body ?? null,
      signal: wanted.signal ?? null,
      dispatcher: this.#agent,
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers))
      if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
    return { status: response.statusCode, headers, text: await response.body.text() };
  }

  /** Ends every connection at once. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors[0]);
  }
  return '';
}

/** The sentence for a failure below HTTP; an abort stays an abort. */
export function networkError(url: string, error: unknown): Error {
  if (isAbort(error) && error instanceof Error) return error;
  const code = codeOf(error);
  const { host } = new URL(url);
  const detail = `${new URL(url).origin}: ${code} ${error instanceof Error ? error.message : String(error)}`;
  const make = (kind: string, title: string, whatHappened: string, whatToDo: string) =>
    new CasementError({ code: kind, title, whatHappened, whatToDo, detail }, error);
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_UNTRUSTED/.test(code))
    return make(
      'cloud.tls',
      'The certificate of the cloud is not trusted',
      `${host} shows a certificate of an authority that this computer does not know.`,
      'Ask the operator for the CA file of the cloud and name it as "CA file" (caFile; cacert in clouds.yaml).',
    );
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return make(
      'cloud.tls',
      'The certificate of the cloud is out of date',
      `The certificate of ${host} is not valid today (${code === 'CERT_HAS_EXPIRED' ? 'expired' : 'not valid yet'}).`,
      'Check the clock of this computer; if it is right, tell the operator of the cloud.',
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return make(
      'cloud.tls',
      'The certificate belongs to another name',
      `${host} shows a certificate that was made for another name.`,
      'Use the name that stands in the certificate as address, not an IP address or an alias.',
    );
  if (
    /CERTIFICATE_REQUIRED|ALERT_(HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA)/.test(code)
  )
    return make(
      'cloud.client-certificate',
      'The cloud wants to see a certificate of yours',
      `${host} lets nobody in who does not show a client certificate that it knows.`,
      'Ask the operator for a client certificate and name its files ("Client certificate" in the wizard; cert and key in clouds.yaml).',
    );
  if (/^(EPROTO|ERR_SSL_|HPE_)/.test(code))
    return make(
      'cloud.tls',
      'The cloud speaks another protocol at this address',
      `${host} does not speak ${url.startsWith('https:') ? 'TLS' : 'plain HTTP'}.`,
      'Check whether the address begins with http:// or https:// and which port it names.',
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return make(
      'cloud.unreachable',
      'The name of the cloud is not known',
      `No address was found for ${host}.`,
      'Check the spelling of the address and whether this computer needs a VPN for it.',
    );
  if (code === 'ECONNREFUSED')
    return make(
      'cloud.unreachable',
      'Nothing answers at the address of the cloud',
      `${host} refused the connection.`,
      'Check the port in the address; Keystone usually listens on 5000 or behind 443.',
    );
  if (/TIMEOUT|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(code))
    return make(
      'cloud.unreachable',
      'The cloud does not answer',
      `${host} did not answer in time.`,
      'Check the network, a VPN or a firewall between this computer and the cloud.',
    );
  return make(
    'cloud.unreachable',
    'The connection to the cloud broke',
    `The connection to ${host} ended before an answer came.`,
    'Try again; if it stays, check the network between this computer and the cloud.',
  );
}
