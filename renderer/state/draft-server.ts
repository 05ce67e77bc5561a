// The servers of the draft: from fields to the plan's part and back. Pure.
import { networksOf, type ServerSpec, serverSpec } from '../../shared/plan-server.ts';
import type { Draft } from './draft.ts';
import { linesOf, recordOf, withoutUndefined } from './draft-parts.ts';

type ServerDraft = Draft['server'];

/** An empty field is an absent one. */
const given = (value: string): string | undefined => value.trim() || undefined;

/** The plan's part; null while it is not complete or not right. `unkept` stands for a password that is only typed yet. */
export function serverOf(server: ServerDraft, unkept = false): ServerSpec | null {
  const adminPass =
    server.password === 'chosen'
      ? (given(server.adminPass) ?? (unkept ? 'ask:typed' : undefined))
      : undefined;
  if (
    !given(server.name) ||
    !given(server.flavor) ||
    !(server.password === 'chosen' ? adminPass : given(server.keypair))
  )
    return null;
  const metadata = recordOf(server.metadata);
  const tags = server.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  const read = serverSpec.safeParse({
    name: server.name,
    flavor: server.flavor,
    ...(server.count > 1 ? { count: server.count } : {}),
    ...networksPart(server.networks),
    keypair: given(server.keypair),
    privateKey: given(server.privateKey),
    privateKeyPassphrase: given(server.passphrase),
    adminPass,
    securityGroup:
      server.allowFrom === null ? given(server.securityGroup) : { create: { from: server.allowFrom.trim() } },
    ...(server.floatingIp === 'auto'
      ? {}
      : { floatingIp: server.floatingIp === 'none' ? 'none' : { pool: server.floatingIp } }),
    ...(server.volumeGB > 0
      ? { volume: { sizeGB: server.volumeGB, ...(server.volumeKeep ? { keep: true } : {}) } }
      : {}),
    zone: given(server.zone),
    ...(server.configDrive ? { configDrive: true } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    userData: userDataOf(server),
    ...(tags.length > 0 ? { tags } : {}),
  });
  return read.success ? withoutUndefined(read.data) : null;
}

function networksPart(networks: readonly string[]): Pick<ServerSpec, 'network' | 'networks'> {
  const [main, ...others] = networks;
  if (main === undefined) return {};
  return others.length === 0 ? { network: main } : { networks: [...networks] };
}

function userDataOf({ userDataFrom, userData, userDataFile }: ServerDraft): ServerSpec['userData'] {
  if (userDataFrom === 'text') return userData.trim() === '' ? undefined : userData;
  const file = given(userDataFile);
  return file === undefined ? undefined : { file };
}

/** The fields of a plan's part. */
export function serverFields(server: ServerSpec): ServerDraft {
  const { securityGroup: group, floatingIp = 'auto', userData } = server;
  return {
    name: server.name,
    count: server.count ?? 1,
    flavor: server.flavor,
    networks: [...networksOf(server)],
    keypair: server.keypair ?? '',
    privateKey: server.privateKey ?? '',
    passphrase: server.privateKeyPassphrase ?? '',
    password: server.adminPass ? 'chosen' : 'generated',
    adminPass: server.adminPass ?? '',
    securityGroup: typeof group === 'string' ? group : '',
    allowFrom: typeof group === 'object' ? group.create.from : null,
    floatingIp: typeof floatingIp === 'string' ? floatingIp : floatingIp.pool,
    volumeGB: server.volume?.sizeGB ?? 0,
    volumeKeep: server.volume?.keep ?? false,
    zone: server.zone ?? '',
    configDrive: server.configDrive ?? false,
    metadata: linesOf(server.metadata ?? {}),
    userDataFrom: typeof userData === 'object' ? 'file' : 'text',
    userData: typeof userData === 'string' ? userData : '',
    userDataFile: typeof userData === 'object' ? userData.file : '',
    tags: (server.tags ?? []).join(', '),
  };
}
