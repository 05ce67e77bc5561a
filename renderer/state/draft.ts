// What the admin typed and chose so far, kept across restarts. Every field falls back on its own, so a draft
// of an older version loses at most what no longer fits. Never holds a secret, only names of secrets.
import { z } from 'zod';
import { proposal } from '../../shared/plan.ts';
import { MOST_SERVERS } from '../../shared/plan-server.ts';
import { WINDOWS_IDS } from '../../shared/windows.ts';
import { cloudDraft } from './draft-cloud.ts';
import { connectDraft } from './draft-connect.ts';
import { part, text } from './draft-parts.ts';
import { setupDraft } from './draft-setup.ts';
import { STEPS, type StepId } from './steps.ts';

const flag = (fallback: boolean) => z.boolean().catch(fallback);
const size = (fallback: number) => z.number().int().catch(fallback);
const source = part({
  tab: z.enum(['host', 'workstation', 'download']).catch('host'),
  path: text,
  file: text,
  url: text,
  sha256: text,
});

const DEFAULT_WINDOWS = '2022';
const start = proposal(DEFAULT_WINDOWS);

const draftSchema = z.object({
  step: z.enum(STEPS).catch('host'),
  /** The furthest step that was looked at. */
  reached: z.enum(STEPS).catch('host'),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** The run this draft belongs to, once it was started. */
  run: z.string().nullable().catch(null),
  practice: flag(false),
  name: text,
  windows: z.enum(WINDOWS_IDS).catch(DEFAULT_WINDOWS),
  hostKind: z.enum(['none', 'local', 'ssh']).catch('none'),
  ssh: part({
    host: text,
    user: text,
    port: text,
    identity: text,
    agent: flag(true),
    jump: z.array(z.string()).catch([]),
    knownHosts: text,
    password: text.describe('secret reference'),
    passphrase: text.describe('secret reference'),
  }),
  media: part({ windows: source, virtio: source, cloudbaseInit: source }),
  sizeGB: size(start.disk.sizeGB),
  machine: part({
    memoryMB: size(start.machine.memoryMB),
    cores: size(start.machine.cores),
    firmware: z.enum(['bios', 'uefi']).catch(start.machine.firmware),
    type: z.enum(['pc', 'q35']).catch(start.machine.type),
    diskBus: z.enum(['virtio-blk', 'virtio-scsi']).catch(start.machine.diskBus),
    network: flag(start.machine.network),
    secureBoot: flag(false),
    tpm: flag(false),
    accel: z.enum(['auto', 'kvm', 'tcg']).catch(start.machine.accel),
  }),
  setup: setupDraft,
  /** Why a disk that failed its proof is used all the same. */
  acceptDisk: text,
  cloud: cloudDraft,
  image: part({
    name: text,
    visibility: z.enum(['private', 'shared', 'community', 'public']).catch('private'),
    upload: z.enum(['auto', 'host', 'workstation']).catch('auto'),
    format: z.enum(['qcow2', 'raw']).catch('qcow2'),
    properties: z.record(z.string(), z.string()).catch({}),
    /** Derived properties that are left out. */
    without: z.array(z.string()).catch([]),
    /** Project ids as typed, in one line. */
    members: text,
    tags: text,
    protected: flag(false),
    replace: flag(false),
    tpm: flag(false),
    method: z.enum(['direct', 'glance-direct', 'web-download']).catch('direct'),
    url: text,
  }),
  proof: part({ login: flag(true), flavor: text, network: text }),
  server: part({
    name: text,
    flavor: text,
    /** Names or ids; the first is the main one. None takes the only one there is. */
    networks: z.array(z.string().min(1)).catch([]),
    keypair: text,
    privateKey: text,
    passphrase: text.describe('secret reference'),
    password: z.enum(['generated', 'chosen']).catch('generated'),
    adminPass: text.describe('secret reference'),
    count: z.number().int().min(1).max(MOST_SERVERS).catch(1),
    securityGroup: text,
    /** Range that a new security group lets in; null takes one that exists. */
    allowFrom: z.string().nullable().catch(null),
    /** `auto`, `none`, or the id of an external network. */
    floatingIp: z.string().min(1).catch('auto'),
    /** 0 boots from the disk of the flavor. */
    volumeGB: z.number().int().min(0).catch(0),
    volumeKeep: flag(false),
    zone: text,
    configDrive: flag(false),
    /** Lines of key=value. */
    metadata: text,
    userDataFrom: z.enum(['text', 'file']).catch('text'),
    userData: text,
    /** Path on the workstation. */
    userDataFile: text,
    /** Separated by commas. */
    tags: text,
  }),
  connect: connectDraft,
  /** Ids of the coach's ticked items, by run. */
  ticks: z.record(z.string(), z.array(z.string())).catch({}),
  /** Keyboard layout of the guest, for texts that are typed for the admin. */
  layout: z.string().min(1).catch('us'),
});

export type Draft = z.output<typeof draftSchema>;
export type MediaDraft = Draft['media']['windows'];

/** The draft of a stored value; whatever is missing or spoilt takes its default. */
export function readDraft(stored: unknown): Draft {
  const read = draftSchema.safeParse(stored ?? {});
  return read.success ? read.data : draftSchema.parse({});
}

/** A draft in which nothing is chosen yet, in the same window. */
export function blankDraft({ step, reached, theme, ticks, layout }: Draft): Draft {
  return { ...readDraft(null), step, reached, theme, ticks, layout };
}

/** Choosing a Windows brings its proposed disk and machine along; the acceleration is the host's affair and stays. */
export function chooseWindows(draft: Draft, windows: string): Draft {
  const { disk, machine } = proposal(windows);
  return {
    ...draft,
    windows,
    sizeGB: disk.sizeGB,
    machine: {
      ...machine,
      secureBoot: machine.secureBoot ?? false,
      tpm: machine.tpm ?? false,
      accel: draft.machine.accel,
    },
    setup: { ...draft.setup, edition: null },
  };
}

/** A draft with these answers changed. */
export const withSetup =
  (change: Partial<Draft['setup']>) =>
  (draft: Draft): Draft => ({ ...draft, setup: { ...draft.setup, ...change } });

/** Goes to a step. */
export function goTo(draft: Draft, step: StepId): Draft {
  const further = STEPS.indexOf(step) > STEPS.indexOf(draft.reached);
  return { ...draft, step, reached: further ? step : draft.reached };
}

/** A fresh build with the same choices: what was started stays as it is. */
export function newBuild(draft: Draft): Draft {
  return { ...draft, run: null, step: 'host', reached: 'host', acceptDisk: '' };
}

/** Ticks or unticks one item of the coach. */
export function tick(draft: Draft, run: string, item: string, on: boolean): Draft {
  const others = (draft.ticks[run] ?? []).filter((id) => id !== item);
  return { ...draft, ticks: { ...draft.ticks, [run]: on ? [...others, item] : others } };
}
