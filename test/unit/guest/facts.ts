// The facts of a good disk, for tests that change one of them.
import type { RegistryData } from '../../../electron/guest/hive.ts';
import {
  ANSWER_FILES,
  type DiskFacts,
  FILES,
  KEYS,
  type Seen,
  TEXTS,
  VALUES,
} from '../../../electron/guest/inspect-facts.ts';

export const found = <T>(value: T, where = 'here'): Seen<T> => ({ state: 'found', value, where });
export const absent: Seen<never> = { state: 'absent', where: 'here' };
export const unreadable: Seen<never> = { state: 'unreadable', where: 'here', why: 'it is damaged' };

export const RDP_RULE =
  'v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|Name=@FirewallAPI.dll,-28775|EmbedCtxt=@FirewallAPI.dll,-28752|';
const STATE = 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE';
const GOOD: Readonly<Record<keyof typeof VALUES, RegistryData | null>> = {
  productName: 'Windows Server 2022 Standard',
  build: '20348',
  installationType: 'Server',
  imageState: STATE,
  generalization: 7,
  cleanup: 2,
  setupType: 2,
  viostorStart: 0,
  viostorGroup: 'SCSI miniport',
  vioscsiStart: 0,
  vioscsiGroup: 'SCSI miniport',
  netkvmStart: 3,
  denyRdp: 0,
  rdpPort: 3389,
  nla: 1,
  rdpService: 3,
  firewallDomain: 1,
  firewallPrivate: 1,
  firewallPublic: 1,
  cloudbaseStart: 3,
  guestAgentStart: 2,
  renames: null,
  fastStartup: 0,
  clockIsUtc: null,
};
const TEXT: Readonly<Record<keyof typeof TEXTS, string>> = {
  stateIni: `[State]\r\nImageState=${STATE}\r\n`,
  sysprepErrors: '',
  setupComplete: 'sc config cloudbase-init start= auto && net start cloudbase-init\r\n',
  cloudbaseConf:
    '[DEFAULT]\r\nfirst_logon_behaviour=no\r\nmetadata_services=a.ConfigDriveService,b.HttpService\r\n',
  cloudbaseUnattendConf: '[DEFAULT]\r\n',
};

const table = <K extends string, T>(names: Readonly<Record<K, unknown>>, value: (name: K) => T) =>
  Object.fromEntries((Object.keys(names) as K[]).map((name) => [name, value(name)])) as Record<K, T>;

export function goodFacts(): DiskFacts {
  return {
    location: { partition: 2, offset: 2 ** 20, size: 2 ** 30, windows: '/Windows', state: 'clean' },
    partitions: [
      { number: 1, offset: 512, size: 512, type: 'mbr 07' },
      { number: 2, offset: 2 ** 20, size: 2 ** 30, type: 'mbr 07' },
    ],
    encrypted: found(false),
    dirty: found(false),
    hibernation: absent,
    hives: { SYSTEM: found({ clean: true }), SOFTWARE: found({ clean: true }) },
    values: table(VALUES, (name): Seen<RegistryData> => {
      const value = GOOD[name];
      return value === null ? absent : found(value, name);
    }),
    keys: table(KEYS, (): Seen<readonly string[]> => absent),
    firewallRules: found([{ name: 'RemoteDesktop-UserMode-In-TCP', rule: RDP_RULE }]),
    files: table(FILES, (name) => found({ bytes: 1 }, name)),
    texts: table(TEXTS, (name) => found(TEXT[name], name)),
    answers: ANSWER_FILES.map(() => absent),
    driverStore: found(['netkvm.inf_amd64_0123456789abcdef']),
  };
}

/** Good facts with some registry values, files, texts or keys replaced. */
export function facts(
  more: {
    readonly [P in 'values' | 'files' | 'texts' | 'keys']?: Partial<DiskFacts[P]>;
  } & Partial<Omit<DiskFacts, 'values' | 'files' | 'texts' | 'keys'>>,
): DiskFacts {
  const good = goodFacts();
  return {
    ...good,
    ...more,
    values: { ...good.values, ...more.values },
    files: { ...good.files, ...more.files },
    texts: { ...good.texts, ...more.texts },
    keys: { ...good.keys, ...more.keys },
  };
}
