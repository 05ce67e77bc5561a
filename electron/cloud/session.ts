// A signed-in project: keeps a token that is good, finds endpoints, and sends requests that survive a token's end.
import { performance } from 'node:perf_hooks';
import { CasementError } from '../../shared/errors.ts';
import type { Credentials } from './credentials.ts';
import { type Answer, faultText, requestId, serviceError } from './faults.ts';
import { hide } from './hide.ts';
import { Http, type HttpRequest } from './http.ts';
import {
  authBody,
  checkRegion,
  endpointOf,
  notKeystone,
  offersV3,
  parseJson,
  splitAuthUrl,
  type Token,
  tokenFrom,
} from './identity.ts';

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
  #root: string;
  #token: Token | null = null;
  #goodUntil = 0;
  #renewal: Promise<Token> | null = null;

  private constructor(credentials: Credentials, http: Http, root: string) {
    this.credentials = credentials;
    this.http = http;
    this.#root = root;
  }

  /** Signs in. Throws a sentence for a wrong password, an unknown project, an unreachable or untrusted cloud. */
  static async open(credentials: Credentials, signal?: AbortSignal): Promise<Session> {
    const { caFile, verify } = credentials;
    const http = await Http.open({
      caFile,
      verify,
      tls: credentials.authUrl.startsWith('https:') || caFile !== null,
    });
    try {
      const { root, versioned } = splitAuthUrl(credentials.authUrl);
      if (!versioned) await discover(http, root, signal);
      const session = new Session(credentials, http, `${root}/v3`);
      const { catalog } = await session.token(0, signal);
      checkRegion(catalog, credentials.region);
      return session;
    } catch (error) {
      await http.close();
      throw error;
    }
  }

  /** A token good for at least `minMs` more (if the cloud gives such long ones), signing in again when needed. */
  async token(minMs = RENEW_BEFORE, signal?: AbortSignal): Promise<Token> {
    const token = this.#token;
    if (token && this.#goodUntil - performance.now() > Math.min(minMs, token.lifetimeMs / 2)) return token;
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
    const answer = await this.#authenticate(true, signal);
    if (answer.status !== 201) throw await this.#refusal(answer, signal);
    const token = tokenFrom(answer.headers['x-subject-token'], answer.text);
    this.#token = token;
    this.#goodUntil = performance.now() + token.lifetimeMs;
    return token;
  }

  #authenticate(scoped: boolean, signal?: AbortSignal): Promise<Answer> {
    return this.http.send({
      method: 'POST',
      url: `${this.#root}/auth/tokens`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(authBody(this.credentials, scoped)),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #refusal(refused: Answer, signal?: AbortSignal): Promise<CasementError> {
    const { proof } = this.credentials;
    const secret = proof.kind === 'password' ? proof.password : proof.secret;
    const answer = { ...refused, text: hide(refused.text, secret) };
    if (answer.status !== 401 && !(answer.status === 404 && proof.kind === 'application-credential')) {
      if (answer.status === 404 || (answer.status >= 300 && answer.status < 400))
        return notKeystone(`HTTP ${answer.status} ${answer.headers.location ?? ''}`);
      return serviceError('identity', 'signing in', answer);
    }
    const detail = `${faultText(answer)} ${requestId(answer)}`.trim();
    if (proof.kind === 'application-credential')
      return new CasementError({
        code: 'cloud.wrong-credential',
        title: 'The application credential was refused',
        whatHappened:
          answer.status === 404
            ? 'Keystone does not know an application credential with this id.'
            : 'Keystone knows the id but refused the secret, or the credential has expired.',
        whatToDo: 'Create a new application credential in Horizon (Identity) and use its id and secret.',
        detail,
      });
    // Keystone answers 401 to an unknown project too; signing in without one tells the two apart.
    const unscoped = await this.#authenticate(false, signal);
    if (unscoped.status === 201) return await this.#unknownProject(unscoped, detail);
    return new CasementError({
      code: 'cloud.wrong-password',
      title: 'User name or password is wrong',
      whatHappened: `Keystone refused ${'name' in proof.user ? `the user "${proof.user.name}"` : 'this user'} with this password.`,
      whatToDo: 'Check user name, user domain and password; a locked account looks the same.',
      detail,
    });
  }

  async #unknownProject(unscoped: Answer, detail: string): Promise<CasementError> {
    const token = unscoped.headers['x-subject-token'] ?? '';
    const list = await this.http.send({
      method: 'GET',
      url: `${this.#root}/auth/projects`,
      headers: { 'x-auth-token': token },
    });
    const body = parseJson(list.text);
    const names =
      typeof body === 'object' && body !== null && 'projects' in body && Array.isArray(body.projects)
        ? body.projects.map((project: { name?: unknown }) => String(project.name))
        : [];
    return new CasementError({
      code: 'cloud.unknown-project',
      title: 'The password is right, the project is not',
      whatHappened: `This user may not enter the project. ${names.length > 0 ? `Open to this user: ${names.join(', ')}.` : 'No project is open to this user.'}`,
      whatToDo:
        names.length > 0
          ? 'Choose one of these projects and check the project domain.'
          : 'Ask the operator of the cloud for a role in the project.',
      detail,
    });
  }
}

/** Asks an address without a version what it offers (Keystone answers 300). Throws `cloud.not-keystone`. */
async function discover(http: Http, root: string, signal?: AbortSignal): Promise<void> {
  const answer = await http.send({ method: 'GET', url: `${root}/`, ...(signal ? { signal } : {}) });
  const offered = offersV3(answer.text);
  // Some proxies hide the version list: then the sign-in itself will tell.
  if (offered === false) throw notKeystone(`HTTP ${answer.status}: no version 3 among the versions offered`);
}
