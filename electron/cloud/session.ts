// A signed-in project: keeps a token that is good, finds endpoints, and sends requests that survive a token's end.
import { performance } from 'node:perf_hooks';
import type { ProjectView } from '../../shared/views-cloud.ts';
import type { Credentials } from './credentials.ts';
import { type Answer, serviceError } from './faults.ts';
import { hide } from './hide.ts';
import { Http, type HttpRequest } from './http.ts';
import { checkRegion, endpointOf, notKeystone, offersV3, splitAuthUrl, type Token } from './identity.ts';
import { Keystone } from './keystone.ts';
import type { Person } from './person.ts';

/** A token is renewed this long before its end, so that no request starts with one about to end. */
const RENEW_BEFORE = 5 * 60_000;

export interface ServiceRequest {
  /** Catalogue type: `image`, `compute`, `network`. */
  readonly service: string;
  readonly method: HttpRequest['method'];
  /** Whole address. */
  readonly url: string;
  /** Ends the sentence "While …" in an error. */
  readonly doing: string;
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** What the body holds and no error may repeat: services quote a request they refuse. */
  readonly secret?: string;
  /** Statuses outside 2xx that the caller understands. */
  readonly allow?: readonly number[];
}

export class Session {
  readonly credentials: Credentials;
  readonly http: Http;
  readonly #keystone: Keystone;
  #token: Token | null = null;
  #signedInBefore = false;
  #goodUntil = 0;
  #renewal: Promise<Token> | null = null;

  private constructor(credentials: Credentials, http: Http, keystone: Keystone) {
    this.credentials = credentials;
    this.http = http;
    this.#keystone = keystone;
  }

  /**
   * Signs in; `person` is asked where the proof needs one. Throws a sentence for a wrong password, an unknown project,
   * an unreachable or untrusted cloud.
   */
  static async open(
    credentials: Credentials,
    person: Person | null = null,
    signal?: AbortSignal,
  ): Promise<Session> {
    return await reached(credentials, person, signal, async (http, keystone) => {
      const session = new Session(credentials, http, keystone);
      const { catalog } = await session.token(0, signal);
      checkRegion(catalog, credentials.region);
      return session;
    });
  }

  /** The projects of an account, for a sign-in that does not yet know which one. */
  static async projectsOf(credentials: Credentials, person: Person | null): Promise<ProjectView[]> {
    return await reached(credentials, person, undefined, async (http, keystone) => {
      const projects = await keystone.projectsBeforehand();
      await http.close();
      return projects;
    });
  }

  /** Whether a new token can be had without the person. */
  get renewal(): Keystone['renewal'] {
    return this.#keystone.renewal;
  }

  /** The projects that this account may enter. */
  async projects(): Promise<ProjectView[]> {
    return await this.#keystone.projects((await this.token()).id);
  }

  /** A token good for at least `minMs` more (if the cloud gives such long ones), signing in again when needed. */
  async token(minMs = RENEW_BEFORE, signal?: AbortSignal): Promise<Token> {
    const token = this.#token;
    const left = this.#goodUntil - performance.now();
    // What cannot be renewed is used to its end.
    if (token && this.renewal === 'no' && left > 0) return token;
    if (token && left > Math.min(minMs, token.lifetimeMs / 2)) return token;
    this.#renewal ??= this.#signIn(signal).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  /** Forgets a token that a service refused, unless it was replaced meanwhile. */
  forget(token: Token): void {
    if (this.#token?.id === token.id) this.#token = null;
  }

  /** Base address of a service type from the catalogue. */
  async endpoint(type: string): Promise<string> {
    const { catalog } = await this.token();
    return endpointOf(catalog, type, this.credentials.region, this.credentials.interface);
  }

  /** Sends a request with a good token; a 401 renews it once. Throws the service's own words as an error. */
  async call(wanted: ServiceRequest): Promise<Answer> {
    let token = await this.token();
    let answer = await this.#send(wanted, token);
    if (answer.status === 401) {
      this.forget(token);
      token = await this.token();
      answer = await this.#send(wanted, token);
    }
    if ((answer.status >= 200 && answer.status < 300) || wanted.allow?.includes(answer.status)) return answer;
    throw serviceError(wanted.service, wanted.doing, { ...answer, text: hide(answer.text, wanted.secret) });
  }

  #send(wanted: ServiceRequest, token: Token): Promise<Answer> {
    return this.http.send({
      method: wanted.method,
      url: wanted.url,
      headers: {
        'x-auth-token': token.id,
        ...(wanted.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...wanted.headers,
      },
      ...(wanted.json === undefined ? {} : { body: JSON.stringify(wanted.json) }),
      ...(wanted.signal === undefined ? {} : { signal: wanted.signal }),
    });
  }

  async #signIn(signal?: AbortSignal): Promise<Token> {
    const token = await this.#keystone.token(this.#signedInBefore, signal);
    this.#signedInBefore = true;
    this.#token = token;
    this.#goodUntil = performance.now() + token.lifetimeMs;
    return token;
  }
}

/** Finds Keystone and gives it to `use`; the connection is closed when that fails. */
async function reached<T>(
  credentials: Credentials,
  person: Person | null,
  signal: AbortSignal | undefined,
  use: (http: Http, keystone: Keystone) => Promise<T>,
): Promise<T> {
  const http = await Http.open({
    ...credentials,
    tls: credentials.authUrl.startsWith('https:') || credentials.caFile !== null,
  });
  try {
    const { root, versioned } = splitAuthUrl(credentials.authUrl);
    if (!versioned) await discover(http, root, signal);
    return await use(http, new Keystone(http, `${root}/v3`, credentials, person));
  } catch (error) {
    await http.close();
    throw error;
  }
}

/** Asks an address without a version what it offers (Keystone answers 300). Throws `cloud.not-keystone`. */
async function discover(http: Http, root: string, signal?: AbortSignal): Promise<void> {
  const answer = await http.send({ method: 'GET', url: `${root}/`, ...(signal ? { signal } : {}) });
  const offered = offersV3(answer.text);
  // Some proxies hide the version list: then the sign-in itself will tell.
  if (offered === false) throw notKeystone(`HTTP ${answer.status}: no version 3 among the versions offered`);
}
