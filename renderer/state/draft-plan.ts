// From the draft's fields to the parts of a plan, and from a plan (practice, an earlier build) back to fields. Pure.
import {
  type HostSpec,
  hostSpec,
  type MediaKind,
  type MediaSource,
  mediaSource,
  type Plan,
  planSchema,
} from '../../shared/plan.ts';
import { windowsProduct } from '../../shared/windows.ts';
import type { Draft, MediaDraft } from './draft.ts';
import { cloudFieldsOf, cloudOf } from './draft-cloud.ts';
import { connectFields, connectPlanOf } from './draft-connect.ts';
import { imageDraft, imagePlanOf } from './draft-image.ts';
import { withoutUndefined } from './draft-parts.ts';
import { serverFields, serverOf } from './draft-server.ts';
import { accountOf, setupFields, setupOf } from './draft-setup.ts';
import { composeAddress, parseAddress, portProblem } from './host-address.ts';

export { cloudOf } from './draft-cloud.ts';

/** An empty field is an absent one. */
const given = (value: string): string | undefined => value.trim() || undefined;

/** The host chosen in the draft; null while it is not complete. */
export function hostOf(draft: Pick<Draft, 'hostKind' | 'ssh'>): HostSpec | null {
  if (draft.hostKind === 'local') return { kind: 'local' };
  if (draft.hostKind !== 'ssh' || portProblem(draft.ssh.port)) return null;
  const { ssh } = draft;
  const read = hostSpec.safeParse({
    kind: 'ssh',
    address: composeAddress(ssh),
    identity: given(ssh.identity),
    jump: ssh.jump.some((hop) => hop.trim()) ? ssh.jump.map((hop) => hop.trim()).filter(Boolean) : undefined,
    knownHosts: given(ssh.knownHosts),
    agent: ssh.agent ? undefined : false,
    password: given(ssh.password),
    passphrase: given(ssh.passphrase),
  });
  return read.success ? withoutUndefined(read.data) : null;
}

/** One of the three files; null while it is not complete. */
export function mediaOf(draft: MediaDraft): MediaSource | null {
  const sha256 = given(draft.sha256);
  const value =
    draft.tab === 'host'
      ? { path: draft.path, sha256 }
      : draft.tab === 'workstation'
        ? { file: draft.file, sha256 }
        : { url: draft.url.trim(), sha256 };
  const read = mediaSource.safeParse(value);
  return read.success ? withoutUndefined(read.data) : null;
}

/** The build's name: as typed, or after the Windows. */
export function buildName(draft: Pick<Draft, 'name' | 'windows'>): string {
  return given(draft.name) ?? windowsProduct(draft.windows).title;
}

export type PlanResult =
  | { readonly plan: Plan; readonly problems: null }
  | { readonly plan: null; readonly problems: readonly { path: string; message: string }[] };

/** The plan of everything decided so far; parts of later steps are left out until they are complete. */
export function planOf(draft: Draft): PlanResult {
  const cloud = cloudOf(draft.cloud);
  const image = cloud && given(draft.image.name) ? imagePlanOf(draft.image) : undefined;
  const media = (kind: MediaKind) => mediaOf(draft.media[kind]) ?? undefined;
  const read = planSchema.safeParse(
    withoutUndefined({
      casement: 1,
      name: buildName(draft),
      windows: draft.windows,
      host: hostOf(draft) ?? undefined,
      media: { windows: media('windows'), virtio: media('virtio'), cloudbaseInit: media('cloudbaseInit') },
      disk: { sizeGB: draft.sizeGB },
      machine: machineOf(draft.machine),
      ...setupOf(draft),
      acceptDisk: given(draft.acceptDisk),
      cloud: cloud ?? undefined,
      image,
      proof: image ? proofOf(draft.proof) : undefined,
      server: (image && serverOf(draft.server)) || undefined,
      connect: connectPlanOf(draft, accountOf(draft.setup)),
    }),
  );
  if (read.success) return { plan: withoutUndefined(read.data), problems: null };
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return { plan: null, problems };
}

/** The draft that shows a plan; parts that the plan does not have stay as they were. */
export function draftOfPlan(draft: Draft, plan: Plan): Draft {
  return {
    ...draft,
    name: plan.name,
    windows: plan.windows,
    ...hostFields(draft, plan.host),
    media: {
      windows: mediaFields(plan.media.windows),
      virtio: mediaFields(plan.media.virtio),
      cloudbaseInit: mediaFields(plan.media.cloudbaseInit),
    },
    sizeGB: plan.disk.sizeGB,
    machine: {
      ...plan.machine,
      secureBoot: plan.machine.secureBoot ?? false,
      tpm: plan.machine.tpm ?? false,
    },
    setup: setupFields(draft.setup, plan),
    acceptDisk: plan.acceptDisk ?? '',
    cloud: plan.cloud ? cloudFieldsOf(draft.cloud, plan.cloud) : draft.cloud,
    image: plan.image ? imageDraft(plan.image) : draft.image,
    proof: {
      login: plan.proof?.login ?? true,
      flavor: plan.proof?.flavor ?? '',
      network: plan.proof?.network ?? '',
    },
    server: plan.server ? serverFields(plan.server) : draft.server,
    connect: plan.connect
      ? connectFields(plan.connect)
      : { ...draft.connect, user: plan.cloudbaseInit?.username ?? draft.connect.user },
  };
}

/** A plan that says nothing of it has the image proven. */
function proofOf(proof: Draft['proof']): Plan['proof'] {
  const flavor = given(proof.flavor);
  const network = given(proof.network);
  if (proof.login && flavor === undefined && network === undefined) return undefined;
  return { login: proof.login, ...(flavor ? { flavor } : {}), ...(network ? { network } : {}) };
}

/** Both need UEFI; with BIOS the switches are not shown. */
function machineOf({ secureBoot, tpm, ...machine }: Draft['machine']): Draft['machine'] | Plan['machine'] {
  const uefi = machine.firmware === 'uefi';
  return {
    ...machine,
    ...(uefi && machine.type === 'q35' && secureBoot ? { secureBoot } : {}),
    ...(uefi && tpm ? { tpm } : {}),
  };
}

function hostFields(draft: Draft, host: HostSpec): Pick<Draft, 'hostKind' | 'ssh'> {
  if (host.kind === 'local') return { hostKind: 'local', ssh: draft.ssh };
  return {
    hostKind: 'ssh',
    ssh: {
      ...parseAddress(host.address),
      identity: host.identity ?? '',
      agent: host.agent ?? true,
      jump: [...(host.jump ?? [])],
      knownHosts: host.knownHosts ?? '',
      password: host.password ?? '',
      passphrase: host.passphrase ?? '',
    },
  };
}

function mediaFields(source: MediaSource): MediaDraft {
  const empty = { path: '', file: '', url: '', sha256: source.sha256 ?? '' };
  if ('path' in source) return { ...empty, tab: 'host', path: source.path };
  if ('file' in source) return { ...empty, tab: 'workstation', file: source.file };
  return { ...empty, tab: 'download', url: source.url };
}
