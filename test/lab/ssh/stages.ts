// Brings up three sshds: a KVM host on loopback, a jump host, and a KVM host that only the jump host reaches.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSecrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import type { Stage } from '../stages.ts';
import { openDevices } from '../system/devices.ts';
import { writeWhole } from '../system/files.ts';
import { ensureJumpTopology } from '../system/network.ts';
import { listensOn, start } from '../system/processes.ts';
import { ensureAccounts, pamService } from './accounts.ts';
import type { SshdName } from './keys.ts';
import { ensureKeys, hostKeyFile, knownHosts, SSHDS } from './keys.ts';

/** Where each sshd listens. */
export function sshdAddresses(settings: Settings): Record<SshdName, { address: string; port: number }> {
  return {
    host: { address: '127.0.0.1', port: settings.ports.sshd },
    jump: { address: settings.jumpNet.jumpAddress, port: 22 },
    inner: { address: settings.jumpNet.innerAddress, port: 22 },
  };
}

/** An sshd's configuration. */
function sshdConfig(settings: Settings, sshd: SshdName): string {
  const { address, port } = sshdAddresses(settings)[sshd];
  const { ssh } = pathsIn(settings.dir);
  const { accounts, jumpNet } = settings;
  const common = [
    `ListenAddress ${address}:${port}`,
    `HostKey ${hostKeyFile(ssh, sshd, 'ed25519')}`,
    `HostKey ${hostKeyFile(ssh, sshd, 'rsa')}`,
    'PidFile none',
    'UsePAM yes',
    'PermitRootLogin no',
    'PubkeyAuthentication yes',
    'AuthorizedKeysFile .ssh/authorized_keys',
    'UseDNS no',
    'PrintMotd no',
    'LogLevel VERBOSE',
    // Tests open many connections at once; the default starts refusing at ten.
    'MaxStartups 100',
  ];
  const forwardOnly = [
    `AllowUsers ${accounts.jump}`,
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'AllowTcpForwarding local',
    `PermitOpen ${jumpNet.innerAddress}:22`,
    'AllowStreamLocalForwarding no',
    'AllowAgentForwarding no',
    'PermitTTY no',
    'ForceCommand /usr/sbin/nologin',
  ];
  const shell = [
    `AllowUsers ${sshd === 'host' ? `${accounts.user} ${accounts.sudo}` : accounts.inner}`,
    'PasswordAuthentication yes',
    'KbdInteractiveAuthentication yes',
    'AllowTcpForwarding yes',
    'AllowStreamLocalForwarding yes',
    'Subsystem sftp internal-sftp',
  ];
  return `${[...common, ...(sshd === 'jump' ? forwardOnly : shell)].join('\n')}\n`;
}

/** The stages of the SSH hosts. */
export function sshStages(settings: Settings): Stage[] {
  const paths = pathsIn(settings.dir);
  const program = join(paths.run, pamService(settings));
  let authorizedKeys = '';
  let namespaces: { jump: string; inner: string };

  const sshd = (name: SshdName, needs: string[]): Stage => ({
    name: `sshd-${name}`,
    needs,
    run: async () => {
      const config = join(paths.etc, `sshd_${name}`);
      writeWhole(config, sshdConfig(settings, name));
      await start(paths.run, {
        name: `sshd-${name}`,
        command: program,
        args: ['-D', '-e', '-f', config],
        log: join(paths.log, `sshd-${name}.log`),
        ...(name === 'host' ? {} : { netns: namespaces[name] }),
        ready: async (pid) => listensOn(pid, sshdAddresses(settings)[name].port),
        timeoutMs: 20_000,
      });
    },
  });

  return [
    {
      name: 'ssh-keys',
      needs: ['packages'],
      run: async () => {
        authorizedKeys = await ensureKeys(paths.ssh, ensureSecrets(paths.secrets));
        const addresses = sshdAddresses(settings);
        const named = (sshdName: SshdName) => {
          const { address, port } = addresses[sshdName];
          return port === 22 ? address : `[${address}]:${port}`;
        };
        writeWhole(
          join(paths.ssh, 'known_hosts'),
          knownHosts(paths.ssh, { host: named('host'), jump: named('jump'), inner: named('inner') }),
        );
      },
    },
    {
      name: 'accounts',
      needs: ['ssh-keys'],
      run: async () => {
        await ensureAccounts(settings, ensureSecrets(paths.secrets), authorizedKeys);
        // sshd's privilege separation folder; the service script of the package would make it.
        mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
        if (!existsSync(program)) symlinkSync('/usr/sbin/sshd', program);
      },
    },
    { name: 'devices', needs: [], run: async () => openDevices(settings.systemName) },
    {
      name: 'jump-network',
      needs: ['packages'],
      run: async () => {
        namespaces = await ensureJumpTopology(settings);
      },
    },
    ...SSHDS.map((name) => sshd(name, name === 'host' ? ['accounts'] : ['accounts', 'jump-network'])),
  ];
}
