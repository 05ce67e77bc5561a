// Gets tokens from Keystone by whatever proof the account has. Keeps no token itself: that is the session's.
import { performance } from 'node:perf_hooks';
import type { CasementError } from '../../shared/errors.ts';
import type { ProjectView } from '../../shared/views-cloud.ts';
import type { Credentials, InDomain } from './credentials.ts';
import type { Answer } from './faults.ts';
import { hide } from './hide.ts';
import type { Http } from './http.ts';
import { authBody, byToken, identityOf, projectsFrom, type Token, tokenFrom } from './identity.ts';
import { askPasscode, type Person, type Ticket } from './person.ts';
import { chooseProject, isRefusal, otherAnswer, refusal, wrongProject } from './refusals.ts';
import { browserToken } from './websso.ts';

/** A ticket with less life left than this, in ms, is not worth a sign-in. */
const SHORTEST_TICKET = 10 * 60_000;

export class Keystone {
  readonly #http: Http;
  /** Address with `/v3`. */
  readonly #root: string;
  readonly #credentials: Credentials;
  readonly #person: Person | null;
  /** Keystone wanted a passcode beside the password. */
  #twoFactors = false;

  constructor(http: Http, root: string, credentials: Credentials, person: Person | null) {
    this.#http = http;
    this.#root = root;
    this.#credentials = credentials;
    this.#person = person;
  }

  /** Whether a new token can be had without the person: `asks` needs them, `no` means that it ends for good. */
  get renewal(): 'yes' | 'asks' | 'no' {
    const { proof } = this.#credentials;
    if (proof.kind === 'token') return 'no';
    return this.#interactive ? 'asks' : 'yes';
  }

  /** A token for the project. `again` true when an earlier one has ended: then no ticket can help. */
  async token(again: boolean, signal?: AbortSignal): Promise<Token> {
    const { proof, project } = this.#credentials;
    if (proof.kind === 'token') return await this.#scoped(await this.#look(proof.token, signal), signal);
    if (this.#interactive) return await this.#scoped(await this.#unscoped(again, signal), signal);
    const answer = await this.#post(authBody(identityOf(proof as Direct, null), project), signal);
    if (answer.status === 201) return await this.#scoped(read(answer), signal);
    if (wantsPasscode(answer)) {
      this.#twoFactors = true;
      return await this.token(again, signal);
    }
    // Keystone answers 401 to an unknown project too; signing in without one tells the two apart.
    if (isRefusal(answer, proof) && proof.kind === 'password' && project !== null) {
      const without = await this.#post(authBody(identityOf(proof, null), 'unscoped'), signal);
      if (without.status === 201) throw await this.#wrongProject(read(without), answer, signal);
    }
    throw this.#refusal(answer);
  }

  /** The projects that this account may enter. */
  async projects(token: string, signal?: AbortSignal): Promise<ProjectView[]> {
    const answer = await this.#http.send({
      method: 'GET',
      url: `${this.#root}/auth/projects`,
      headers: { 'x-auth-token': token },
      ...(signal ? { signal } : {}),
    });
    return answer.status === 200 ? projectsFrom(answer.text) : [];
  }

  /** Signs in to no project, to see which there are. */
  async projectsBeforehand(signal?: AbortSignal): Promise<ProjectView[]> {
    const { proof } = this.#credentials;
    if (proof.kind === 'token') return await this.projects(proof.token, signal);
    if (this.#interactive) return await this.projects((await this.#unscoped(false, signal)).id, signal);
    // An application credential knows no other scope than its own.
    const scope = proof.kind === 'password' ? 'unscoped' : null;
    const answer = await this.#post(authBody(identityOf(proof as Direct, null), scope), signal);
    if (answer.status === 201) return await this.projects(read(answer).id, signal);
    if (!wantsPasscode(answer)) throw this.#refusal(answer);
    this.#twoFactors = true;
    return await this.projectsBeforehand(signal);
  }

  get #interactive(): boolean {
    const { proof } = this.#credentials;
    return (
      proof.kind === 'totp' ||
      proof.kind === 'websso' ||
      (proof.kind === 'password' && (proof.passcode || this.#twoFactors))
    );
  }

  /** What a token is good for, told by Keystone itself. */
  async #look(id: string, signal?: AbortSignal): Promise<Token> {
    const answer = await this.#http.send({
      method: 'GET',
      url: `${this.#root}/auth/tokens`,
      headers: { 'x-auth-token': id, 'x-subject-token': id },
      ...(signal ? { signal } : {}),
    });
    if (answer.status === 200) return tokenFrom(id, answer.text, clockOf(answer));
    const { proof } = this.#credentials;
    // Keystone says 404 to a token that it does not know when another one asks; here both are the same.
    throw answer.status === 404 && proof.kind === 'token' ? refusal(answer, proof) : this.#refusal(answer);
  }

  /** A token of no project, from the last passcode or browser if it is still good. */
  async #unscoped(again: boolean, signal?: AbortSignal): Promise<Token> {
    const { authUrl, proof } = this.#credentials;
    // Never the password: what tells two accounts apart is enough.
    const key = JSON.stringify([authUrl, proof.kind, 'user' in proof ? proof.user : proof]);
    const tickets = this.#person?.tickets;
    const known = tickets?.get(key);
    if (known && !again && known.goodUntil - performance.now() > SHORTEST_TICKET) {
      const looked = await this.#look(known.id, signal).catch(() => null);
      if (looked) return looked;
    }
    tickets?.delete(key);
    const token = await this.#fresh(signal);
    tickets?.set(key, ticketOf(token));
    return token;
  }

  async #fresh(signal?: AbortSignal): Promise<Token> {
    const { proof } = this.#credentials;
    if (proof.kind === 'websso')
      return await this.#look(await browserToken(this.#root, proof, this.#person, signal), signal);
    const user = 'user' in proof && proof.user && 'name' in proof.user ? proof.user.name : 'this account';
    const passcode = await askPasscode(this.#person, user, new URL(this.#root).host, signal);
    const answer = await this.#post(authBody(identityOf(proof, passcode), 'unscoped'), signal);
    if (answer.status === 201) return read(answer);
    throw this.#refusal(answer, passcode);
  }

  /** This token, or one of the wanted project that it opens. */
  async #scoped(token: Token, signal?: AbortSignal): Promise<Token> {
    const { project, proof } = this.#credentials;
    if (project === null) {
      if (token.projectId !== '') return token;
      const projects = await this.projects(token.id, signal);
      const [only] = projects;
      if (!only || projects.length > 1) throw chooseProject(projects);
      return await this.#rescope(token, { id: only.id }, signal);
    }
    // What a password got was asked for with the project.
    if (proof.kind === 'password' && !this.#interactive) return token;
    return isOf(token, project) ? token : await this.#rescope(token, project, signal);
  }

  async #rescope(token: Token, project: InDomain, signal?: AbortSignal): Promise<Token> {
    const answer = await this.#post(authBody(byToken(token.id), project), signal);
    if (answer.status === 201) return read(answer);
    if (answer.status !== 401 && answer.status !== 403 && answer.status !== 404) throw this.#refusal(answer);
    throw await this.#wrongProject(token, answer, signal);
  }

  async #wrongProject(token: Token, answer: Answer, signal?: AbortSignal): Promise<CasementError> {
    const words = hide(answer.text, token.id);
    return wrongProject(await this.projects(token.id, signal), words.slice(0, 400));
  }

  #post(body: object, signal?: AbortSignal): Promise<Answer> {
    return this.#http.send({
      method: 'POST',
      url: `${this.#root}/auth/tokens`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
  }

  #refusal(refused: Answer, passcode?: string): CasementError {
    const { proof } = this.#credentials;
    const secrets = [secretOf(this.#credentials), passcode];
    const text = secrets.reduce((rest: string, secret) => hide(rest, secret), refused.text);
    const answer = { ...refused, text };
    if (!isRefusal(answer, proof)) return otherAnswer(answer);
    const shown = proof.kind === 'password' ? { ...proof, passcode: passcode !== undefined } : proof;
    return refusal(answer, shown);
  }
}

type Direct = Parameters<typeof identityOf>[0];

function read(answer: Answer): Token {
  return tokenFrom(answer.headers['x-subject-token'], answer.text);
}

/** The time by the cloud's clock. */
function clockOf(answer: Answer): number {
  const told = Date.parse(answer.headers.date ?? '');
  return Number.isNaN(told) ? Date.now() : told;
}

function ticketOf(token: Token): Ticket {
  return { id: token.id, goodUntil: performance.now() + token.lifetimeMs };
}

function isOf(token: Token, project: InDomain): boolean {
  if ('id' in project) return token.projectId === project.id;
  // Names repeat in other domains; only an id of the domain can be compared.
  const { domain } = project;
  const sameDomain = domain !== undefined && 'id' in domain && domain.id === token.projectDomain;
  return token.project === project.name && sameDomain;
}

/** Keystone accepted the password and asks for more (a receipt), among it a passcode. */
function wantsPasscode(answer: Answer): boolean {
  return answer.status === 401 && 'openstack-auth-receipt' in answer.headers && /"totp"/.test(answer.text);
}

function secretOf({ proof }: Credentials): string | undefined {
  switch (proof.kind) {
    case 'password':
      return proof.password;
    case 'application-credential':
      return proof.secret;
    case 'token':
      return proof.token;
    default:
      return undefined;
  }
}
