// What is said to Keystone and what its answers mean: the body of a sign-in, the token, the catalogue. Pure.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { Credentials, Interface } from './credentials.ts';

const named = z.object({ id: z.string().optional(), name: z.string().optional() });
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
  readonly project: string;
  readonly projectId: string;
  readonly roles: readonly string[];
  readonly catalog: Catalog;
}

/** The `auth` body of a sign-in; `scoped` false asks for no project (to tell a wrong project from a wrong password). */
export function authBody(credentials: Credentials, scoped = true): object {
  const { proof } = credentials;
  if (proof.kind === 'application-credential') {
    const { kind: _, ...application_credential } = proof;
    return { auth: { identity: { methods: ['application_credential'], application_credential } } };
  }
  const identity = {
    methods: ['password'],
    password: { user: { ...proof.user, password: proof.password } },
  };
  return { auth: { identity, scope: scoped ? { project: proof.project } : 'unscoped' } };
}

/** Keystone's answer to a sign-in as a token. Throws `cloud.not-keystone` when it is something else. */
export function tokenFrom(id: string | undefined, text: string): Token {
  const parsed = tokenBody.safeParse(parseJson(text));
  if (!id || !parsed.success) throw notKeystone('The answer to the sign-in holds no token.');
  const { token } = parsed.data;
  const issued = token.issued_at === undefined ? Date.now() : Date.parse(token.issued_at);
  return {
    id,
    expiresAt: token.expires_at,
    lifetimeMs: Date.parse(token.expires_at) - issued,
    user: token.user.name ?? token.user.id ?? '',
    projectId: token.project?.id ?? '',
    project: token.project?.name ?? token.project?.id ?? '',
    roles: token.roles.map((role) => role.name ?? role.id ?? ''),
    catalog: token.catalog,
  };
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
