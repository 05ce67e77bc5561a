// What others need to know to use the laboratory: a stable contract.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mediaFiles } from './media.ts';
import { APP_CREDENTIAL_CLOUD, CLOUD, openrcVariables } from './openstack/clouds.ts';
import { keystoneUrl } from './openstack/config.ts';
import { FLAVORS, NETWORK } from './openstack/seed.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';
import { pathsIn } from './settings.ts';
import { keyFiles } from './ssh/keys.ts';
import { sshdAddresses } from './ssh/stages.ts';

/** The laboratory as its users see it. */
export function labEnv(settings: Settings, secrets: Secrets) {
  const paths = pathsIn(settings.dir);
  const addresses = sshdAddresses(settings);
  const { identity, ...keys } = { identity: keyFiles(paths.ssh).ed25519, ...keyFiles(paths.ssh) };
  const knownHosts = join(paths.ssh, 'known_hosts');
  const ssh = (account: string, sshd: keyof typeof addresses) => {
    const { address, port } = addresses[sshd];
    return `ssh://${account}@${address}${port === 22 ? '' : `:${port}`}`;
  };
  const host = (account: string, password: string) => ({
    address: ssh(account, 'host'),
    identity,
    knownHosts,
    password,
  });
  return {
    dir: settings.dir,
    portBase: settings.portBase,
    cloud: {
      cloudsYaml: paths.cloudsYaml,
      cloud: CLOUD,
      appCredCloud: APP_CREDENTIAL_CLOUD,
      openrc: paths.openrc,
      authUrl: keystoneUrl(settings),
      username: 'demo',
      password: secrets.demoPassword,
      project: 'demo',
      region: 'RegionOne',
      userDomain: 'Default',
      projectDomain: 'Default',
    },
    admin: { username: 'admin', password: secrets.adminPassword, project: 'admin' },
    metadata: { url: `http://127.0.0.1:${settings.ports.metadata}`, secret: secrets.metadataSecret },
    hosts: {
      user: host(settings.accounts.user, secrets.userPassword),
      sudo: host(settings.accounts.sudo, secrets.sudoPassword),
      inner: {
        address: ssh(settings.accounts.inner, 'inner'),
        jump: [ssh(settings.accounts.jump, 'jump')],
        identity,
        knownHosts,
        password: secrets.innerPassword,
      },
    },
    keys: { ...keys, passphrase: secrets.passphrase },
    media: mediaFiles(settings),
    network: NETWORK,
    subnet: settings.practice.cidr,
    flavors: FLAVORS.map(({ name }) => name),
    servers: { dir: paths.servers },
  };
}

/** The laboratory as its users see it. */
export type LabEnv = ReturnType<typeof labEnv>;

/** The same for a shell: openrc's variables and the places of the files. */
export function shellExports(settings: Settings, secrets: Secrets): string {
  const env = labEnv(settings, secrets);
  const variables: Record<string, string> = {
    ...openrcVariables(settings, secrets),
    OS_CLIENT_CONFIG_FILE: env.cloud.cloudsYaml,
    LAB_DIR: env.dir,
    LAB_HOST: env.hosts.user.address,
    LAB_SUDO_HOST: env.hosts.sudo.address,
    LAB_INNER_HOST: env.hosts.inner.address,
    LAB_JUMP_HOST: env.hosts.inner.jump[0] ?? '',
    LAB_IDENTITY: env.hosts.user.identity,
    LAB_KNOWN_HOSTS: env.hosts.user.knownHosts,
    LAB_WINDOWS_ISO: env.media.windowsIso,
    LAB_VIRTIO_ISO: env.media.virtioIso,
    LAB_CLOUDBASE_INIT_MSI: env.media.cloudbaseInitMsi,
  };
  const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('');
}

/** Whether `up` has come far enough for the environment to be complete. */
export const isComplete = (settings: Settings): boolean => existsSync(pathsIn(settings.dir).cloudsYaml);
