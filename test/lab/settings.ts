// Where a laboratory lives and what its things are called. Pure: decides names and numbers, touches nothing.
import { join } from 'node:path';

const DEFAULT_PORT_BASE = 25000;

/** The accounts a laboratory creates on the machine. */
export interface Accounts {
  /** A KVM host user without root rights. */
  user: string;
  /** A KVM host user with passwordless sudo. */
  sudo: string;
  /** May only forward, in the `jump` namespace. */
  jump: string;
  /** The KVM host user behind the jump. */
  inner: string;
}

/** Everything about a laboratory that follows from its folder and its first port. */
export interface Settings {
  dir: string;
  portBase: number;
  ports: {
    keystone: number;
    glance: number;
    placement: number;
    neutron: number;
    nova: number;
    metadata: number;
    sshd: number;
  };
  /** Homes and media: outside `dir`, because that is usually below /root, where the accounts cannot look. */
  sharedDir: string;
  accounts: Accounts;
  /** Name of the sudoers file and of the PAM service. */
  systemName: string;
  /** Begins every network namespace and interface of this laboratory; at most 6 characters of the 15 Linux allows. */
  netPrefix: string;
  practice: { cidr: string; gateway: string; prefixLength: number; firstHost: string; lastHost: string };
  jumpNet: {
    rootAddress: string;
    jumpAddress: string;
    jumpInnerAddress: string;
    innerAddress: string;
    innerCidr: string;
  };
}

/** The laboratory's folder, from CASEMENT_LAB_DIR, CASEMENT_HOME or HOME. */
export function labDirFrom(env: NodeJS.ProcessEnv): string {
  return env.CASEMENT_LAB_DIR ?? join(env.CASEMENT_HOME ?? join(env.HOME ?? '/root', '.casement'), 'lab');
}

/** The first port from CASEMENT_LAB_PORT, or undefined when that is unset. Throws when it is not a usable port. */
export function portBaseFrom(env: NodeJS.ProcessEnv): number | undefined {
  const text = env.CASEMENT_LAB_PORT;
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65000) {
    throw new Error(`CASEMENT_LAB_PORT must be a port between 1024 and 65000, not "${text}"`);
  }
  return port;
}

/** Names and numbers for the laboratory in `dir`; port bases 50 apart never share a name, a subnet or a port. */
export function settingsFor(dir: string, portBase: number = DEFAULT_PORT_BASE): Settings {
  const suffix = portBase === DEFAULT_PORT_BASE ? '' : `-${portBase}`;
  const octet = (77 + Math.floor((portBase - DEFAULT_PORT_BASE) / 50) + 25600) % 256;
  return {
    dir,
    portBase,
    ports: {
      keystone: portBase,
      glance: portBase + 1,
      placement: portBase + 2,
      neutron: portBase + 3,
      nova: portBase + 4,
      metadata: portBase + 5,
      sshd: portBase + 22,
    },
    sharedDir: `/var/lib/casement-lab${suffix}`,
    accounts: {
      user: `casement-lab${suffix}`,
      sudo: `casement-sudo${suffix}`,
      jump: `casement-jump${suffix}`,
      inner: `casement-inner${suffix}`,
    },
    systemName: `casement-lab${suffix}`,
    netPrefix: `cl${octet}`,
    // 198.18.0.0/15 is set aside for benchmarks (RFC 2544): no real network uses it.
    practice: {
      cidr: `198.18.${octet}.0/24`,
      gateway: `198.18.${octet}.1`,
      prefixLength: 24,
      firstHost: `198.18.${octet}.10`,
      lastHost: `198.18.${octet}.250`,
    },
    jumpNet: {
      rootAddress: `198.19.${octet}.1`,
      jumpAddress: `198.19.${octet}.2`,
      jumpInnerAddress: `198.19.${octet}.5`,
      innerAddress: `198.19.${octet}.6`,
      innerCidr: `198.19.${octet}.4/30`,
    },
  };
}

/** Paths inside the laboratory's folder. */
export function pathsIn(dir: string) {
  return {
    etc: join(dir, 'etc'),
    run: join(dir, 'run'),
    log: join(dir, 'log'),
    data: join(dir, 'data'),
    ssh: join(dir, 'ssh'),
    servers: join(dir, 'servers'),
    secrets: join(dir, 'secrets.json'),
    lab: join(dir, 'lab.json'),
    cloudsYaml: join(dir, 'clouds.yaml'),
    secureYaml: join(dir, 'secure.yaml'),
    openrc: join(dir, 'openrc'),
  };
}

/** Paths inside the laboratory's folder, by name. */
export type Paths = ReturnType<typeof pathsIn>;
