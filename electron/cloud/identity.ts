// What is said to Keystone and what its answers mean: the body of a sign-in, the token, the catalogue. Pure.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { ProjectView } from '../../shared/views-cloud.ts';
import type { InDomain, Interface, Proof } from './credentials.ts';

const domain = z.object({ id: z.string().optional(), name: z.string().optional() });
const named = domain.extend({ domain: domain.optional() });
const catalogEntry = z.object({
  type: z.string(),
  name: z.string().default(''),
  endpoints: z.array(
    z.object({
      url: z.string(),
      interface: z.string(),
      region: z.string().nullish(),
      region_id: z.string().nullish(),
    }),
  ),
});
const tokenBody = z.object({
  token: z.object({
    expires_at: z.string(),
    issued_at: z.string().optional(),
    user: named,
    project: named.optional(),
    roles: z.array(named).default([]),
    catalog: z.array(catalogEntry).default([]),
  }),
});

export type Catalog = z.output<typeof catalogEntry>[];

export interface Token {
  readonly id: string;
  readonly expiresAt: string;
  /** How long it is good for from its making, in ms: independent of this computer's clock. */
  readonly lifetimeMs: number;
  readonly user: string;
  readonly userId: string;
  /** Name of the project; empty for a token of no project. */
  readonly project: string;
  readonly projectId: string;
  readonly projectDomain: string;
  readonly roles: readonly string[];
  readonly catalog: Catalog;
}

/** What stands below `identity` in a sign-in. */
type Identity = { readonly methods: readonly string[] } & Readonly<Record<string, unknown>>;

/** How a proof is said; `passcode` is the one of this moment. A browser's proof is the token it brought. */
export function identityOf(proof: Exclude<Proof, { kind: 'websso' }>, passcode: string | null): Identity {
  switch (proof.kind) {
    case 'application-credential': {
      const { kind: _, ...application_credential } = proof;
      return { methods: ['application_credential'], application_credential };
    }
    case 'token':
      return byToken(proof.token);
    case 'totp':
      return { methods: ['totp'], totp: { user: { ...proof.user, passcode } } };
    case 'password': {
      const password = { user: { ...proof.user, password: proof.password } };
      if (passcode === null) return { methods: ['password'], password };
      return { methods: ['password', 'totp'], password, totp: { user: { ...proof.user, passcode } } };
    }
  }
}

/** A token as proof for another one. */
export function byToken(id: string): Identity {
  return { methods: ['token'], token: { id } };
}

/** The `auth` body of a sign-in to a project, to none (`unscoped`), or (`null`) to what Keystone takes by itself. */
export function authBody(identity: Identity, project: InDomain | 'unscoped' | null): object {
  if (project === null) return { auth: { identity } };
  return { auth: { identity, scope: project === 'unscoped' ? project : { project } } };
}

/**
 * Keystone's answer to a sign-in as a token; `now` is its clock (ms) when the token is an older one. Throws
 * `cloud.not-keystone` when the answer is something else.
 */
export function tokenFrom(id: string | undefined, text: string, now?: number): Token {
  const parsed = tokenBody.safeParse(parseJson(text));
  if (!id || !parsed.success) throw notKeystone('The answer to the sign-in holds no token.');
  const { token } = parsed.data;
  const issued = now ?? (token.issued_at === undefined ? Date.now() : Date.parse(token.issued_at));
  return {
    id,
    expiresAt: token.expires_at,
    lifetimeMs: Date.parse(token.expires_at) - issued,
    user: token.user.name ?? token.user.id ?? '',
    userId: token.user.id ?? '',
    project: token.project?.name ?? token.project?.id ?? '',
    projectId: token.project?.id ?? '',
    projectDomain: token.project?.domain?.id ?? '',
    roles: token.roles.map((role) => role.name ?? role.id ?? ''),
    catalog: token.catalog,
  };
}

const projectsBody = z.object({
  projects: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      domain_id: z.string().nullish(),
      enabled: z.boolean().default(true),
    }),
  ),
});

/** The projects of Keystone's list that one may work in, by name. */
export function projectsFrom(text: string): ProjectView[] {
  const parsed = projectsBody.safeParse(parseJson(text));
  if (!parsed.success) return [];
  return parsed.data.projects
    .filter(({ enabled }) => enabled)
    .map(({ id, name, domain_id }) => ({ id, name, domain: domain_id ?? '' }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

const versionsBody = z.union([
  z.object({ versions: z.object({ values: z.array(z.object({ id: z.string() })) }) }),
  z.object({ version: z.object({ id: z.string() }) }),
]);

/** Whether a version document of Keystone (HTTP 200 or 300) offers v3; null when it is no such document. */
export function offersV3(text: string): boolean | null {
  const parsed = versionsBody.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const found = 'version' in parsed.data ? [parsed.data.version] : parsed.data.versions.values;
  return found.some((version) => version.id.startsWith('v3'));
}

/** The address of Keystone without its version; `versioned` tells that it named v3 itself. */
export function splitAuthUrl(authUrl: string): { root: string; versioned: boolean } {
  const trimmed = authUrl.replace(/\/+$/, '').replace(/\/auth\/tokens$/, '');
  return { root: trimmed.replace(/\/v(3|2\.0)$/, ''), versioned: trimmed.endsWith('/v3') };
}

/** Regions of a catalogue in the order of their first service. */
export function regionsOf(catalog: Catalog): string[] {
  const all = catalog.flatMap((entry) => entry.endpoints.map(regionOf));
  return [...new Set(all.filter((region) => region !== ''))];
}

/** Throws `cloud.no-region` naming the regions there are when a named one is not among them. */
export function checkRegion(catalog: Catalog, region: string | null): void {
  const regions = regionsOf(catalog);
  if (region === null || regions.includes(region)) return;
  throw new CasementError({
    code: 'cloud.no-region',
    title: `There is no region "${region}"`,
    whatHappened: `The cloud knows these regions: ${regions.join(', ') || 'none'}.`,
    whatToDo: 'Choose one of them.',
  });
}

/** The endpoint of a service type. Throws `cloud.no-service`. */
export function endpointOf(catalog: Catalog, type: string, region: string | null, wanted: Interface): string {
  const endpoints = catalog.filter((entry) => entry.type === type).flatMap((entry) => entry.endpoints);
  const found = endpoints.find(
    (endpoint) => endpoint.interface === wanted && (region === null || regionOf(endpoint) === region),
  );
  if (!found)
    throw new CasementError({
      code: 'cloud.no-service',
      title: `The cloud offers no ${type} service here`,
      whatHappened: `The catalogue has no ${wanted} endpoint of type "${type}"${region ? ` in region ${region}` : ''}.`,
      whatToDo: 'Choose another region or project, or ask the operator of the cloud.',
    });
  return found.url.replace(/\/+$/, '');
}

/** Every service with an endpoint for this region and interface. */
export function servicesOf(
  catalog: Catalog,
  region: string | null,
  wanted: Interface,
): { type: string; name: string; url: string }[] {
  return catalog.flatMap(({ type, name, endpoints }) => {
    const found = endpoints.find(
      (endpoint) => endpoint.interface === wanted && (region === null || regionOf(endpoint) === region),
    );
    return found ? [{ type, name, url: found.url }] : [];
  });
}

/** Parsed JSON, or null when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The error of an address that answers, but not as Keystone. */
export function notKeystone(detail: string): CasementError {
  return new CasementError({
    code: 'cloud.not-keystone',
    title: 'This is not the address of Keystone',
    whatHappened: 'Something answers there, but it is not the identity service (Keystone, version 3).',
    whatToDo: 'Copy the address from Horizon: API Access, the row "Identity". It often ends in :5000/v3.',
    detail,
  });
}

function regionOf(endpoint: {
  region?: string | null | undefined;
  region_id?: string | null | undefined;
}): string {
  return endpoint.region_id ?? endpoint.region ?? '';
}
