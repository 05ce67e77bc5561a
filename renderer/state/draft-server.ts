// The servers of the draft: from fields to the plan's part and back. Pure.
import { type ServerSpec, serverSpec } from '../../shared/plan-server.ts';
import type { Draft } from './draft.ts';

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
  const metadata = metadataOf(server.metadata);
  const tags = server.tags
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
  const read = serverSpec.safeParse({
    name: server.name,
    flavor: server.flavor,
    ...(server.count > 1 ? { count: server.count } : {}),
    network: given(server.network),
    keypair: given(server.keypair),
    privateKey: given(server.privateKey),
    privateKeyPassphrase: given(server.passphrase),
    adminPass,
    securityGroup:
      server.allowFrom === null ? given(server.securityGroup) : { create: { from: server.allowFrom.trim() } },
    ...(server.floatingIp === 'auto'
      ? {}
      : { floatingIp: server.floatingIp === 'none' ? 'none' : { pool: server.floatingIp } }),
    ...(server.volumeGB > 0 ? { volume: { sizeGB: server.volumeGB } } : {}),
    zone: given(server.zone),
    ...(server.configDrive ? { configDrive: true } : {}),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
    userData: server.userData.trim() === '' ? undefined : server.userData,
    ...(tags.length > 0 ? { tags } : {}),
  });
  if (!read.success) return null;
  return Object.fromEntries(Object.entries(read.data).filter(([, part]) => part !== undefined)) as ServerSpec;
}

/** Lines of `key=value`; a line without a key is left out. */
export function metadataOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf('=');
      const key = line.slice(0, at).trim();
      return at > 0 && key !== '' ? [[key, line.slice(at + 1).trim()]] : [];
    }),
  );
}

/** The fields of a plan's part. */
export function serverFields(server: ServerSpec): ServerDraft {
  const { securityGroup: group, floatingIp = 'auto', userData } = server;
  return {
    name: server.name,
    count: server.count ?? 1,
    flavor: server.flavor,
    network: server.network ?? server.networks?.[0] ?? '',
    keypair: server.keypair ?? '',
    privateKey: server.privateKey ?? '',
    passphrase: server.privateKeyPassphrase ?? '',
    password: server.adminPass ? 'chosen' : 'generated',
    adminPass: server.adminPass ?? '',
    securityGroup: typeof group === 'string' ? group : '',
    allowFrom: typeof group === 'object' ? group.create.from : null,
    floatingIp: typeof floatingIp === 'string' ? floatingIp : floatingIp.pool,
    volumeGB: server.volume?.sizeGB ?? 0,
    zone: server.zone ?? '',
    configDrive: server.configDrive ?? false,
    metadata: Object.entries(server.metadata ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
    userData: typeof userData === 'string' ? userData : '',
    tags: (server.tags ?? []).join(', '),
  };
}
