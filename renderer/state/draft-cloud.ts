// How the admin signs in to the cloud: the fields of the draft, and from them to the plan's source and back. Pure.
import { z } from 'zod';
import { type CloudSource, cloudSource } from '../../shared/plan.ts';
import { WEBSSO_PORT } from '../../shared/plan-cloud.ts';
import { part, text, withoutUndefined } from './draft-parts.ts';

/** The ways to sign in, in the order in which they are offered. */
export const SIGN_INS = [
  'clouds.yaml',
  'openrc',
  'password',
  'application-credential',
  'websso',
  'totp',
  'token',
] as const satisfies readonly CloudSource['kind'][];

export const cloudDraft = part({
  kind: z.enum(SIGN_INS).catch('clouds.yaml'),
  cloud: text,
  file: text,
  openrc: text,
  authUrl: text,
  username: text,
  userDomain: z.string().catch('Default'),
  project: text,
  projectDomain: z.string().catch('Default'),
  /** Another project than the one that clouds.yaml or the openrc file names. */
  otherProject: text,
  id: text,
  password: text.describe('secret reference'),
  passcode: z.boolean().catch(false),
  secret: text.describe('secret reference'),
  token: text.describe('secret reference'),
  identityProvider: text,
  protocol: z.string().min(1).catch('openid'),
  redirectPort: z.number().int().min(1).max(65535).catch(WEBSSO_PORT),
  region: text,
  caFile: text,
  certFile: text,
  keyFile: text,
  verify: z.boolean().catch(true),
});

export type CloudDraft = z.output<typeof cloudDraft>;

/** An empty field is an absent one. */
const given = (value: string): string | undefined => value.trim() || undefined;

/** The field that holds the reference of the secret of a way to sign in; null where there is none to type. */
export function secretField(kind: CloudDraft['kind']): 'password' | 'secret' | 'token' | null {
  if (kind === 'application-credential') return 'secret';
  if (kind === 'token') return 'token';
  return kind === 'password' || kind === 'openrc' ? 'password' : null;
}

/** The field in which another project is noted; null where the sign-in is tied to one. */
export function projectField(kind: CloudDraft['kind']): 'project' | 'otherProject' | null {
  if (kind === 'application-credential') return null;
  return kind === 'clouds.yaml' || kind === 'openrc' ? 'otherProject' : 'project';
}

/** How to sign in to the cloud; null while it is not complete. */
export function cloudOf(cloud: CloudDraft): CloudSource | null {
  const common = {
    region: given(cloud.region),
    caFile: given(cloud.caFile),
    certFile: given(cloud.certFile),
    keyFile: given(cloud.keyFile),
    verify: cloud.verify ? undefined : false,
  };
  const read = cloudSource.safeParse(withoutUndefined({ ...cloudFields(cloud), ...common }));
  return read.success ? read.data : null;
}

function cloudFields(cloud: CloudDraft): object {
  const { kind, username, userDomain, projectDomain, password } = cloud;
  const authUrl = cloud.authUrl.trim();
  const scope = { project: given(cloud.project), projectDomain: given(projectDomain) };
  const project = given(cloud.otherProject);
  switch (kind) {
    case 'clouds.yaml':
      return { kind, cloud: cloud.cloud, file: given(cloud.file), project };
    case 'openrc':
      return { kind, file: cloud.openrc, password: given(password), project };
    case 'password': {
      const passcode = cloud.passcode ? true : undefined;
      return { kind, authUrl, username, userDomain, ...scope, password, passcode };
    }
    case 'totp':
      return { kind, authUrl, username, userDomain, ...scope };
    case 'token':
      return { kind, authUrl, token: cloud.token, ...scope };
    case 'websso': {
      const { protocol, identityProvider, redirectPort } = cloud;
      return {
        kind,
        authUrl,
        protocol: protocol.trim(),
        identityProvider: given(identityProvider),
        redirectPort: redirectPort === WEBSSO_PORT ? undefined : redirectPort,
        ...scope,
      };
    }
    case 'application-credential':
      return { kind, authUrl, id: cloud.id, secret: cloud.secret };
  }
}

/** The fields that show a plan's source; those of the other ways stay as they were. */
export function cloudFieldsOf(cloud: CloudDraft, source: CloudSource): CloudDraft {
  const { kind, region = '', caFile = '', certFile = '', keyFile = '', verify = true } = source;
  const common = { ...cloud, kind, region, caFile, certFile, keyFile, verify };
  if (source.kind === 'clouds.yaml')
    return { ...common, cloud: source.cloud, file: source.file ?? '', otherProject: source.project ?? '' };
  if (source.kind === 'openrc')
    return {
      ...common,
      openrc: source.file,
      password: source.password ?? '',
      otherProject: source.project ?? '',
    };
  if (source.kind === 'application-credential')
    return { ...common, authUrl: source.authUrl, id: source.id, secret: source.secret };
  const scoped = {
    ...common,
    authUrl: source.authUrl,
    project: source.project ?? '',
    projectDomain: source.projectDomain,
  };
  switch (source.kind) {
    case 'token':
      return { ...scoped, token: source.token };
    case 'websso': {
      const { protocol, identityProvider = '', redirectPort = WEBSSO_PORT } = source;
      return { ...scoped, protocol, identityProvider, redirectPort };
    }
    case 'totp':
      return { ...scoped, username: source.username, userDomain: source.userDomain };
    case 'password': {
      const { username, userDomain, password, passcode = false } = source;
      return { ...scoped, username, userDomain, password, passcode };
    }
  }
}
