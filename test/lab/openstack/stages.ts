// Brings up Keystone, Glance, Placement, Neutron's API and Nova, each as soon as it can.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import { ensureSecrets, readSecrets, saveSecrets } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { pathsIn } from '../settings.ts';
import type { Stage } from '../stages.ts';
import { run } from '../system/command.ts';
import { writeWhole } from '../system/files.ts';
import { answers, start } from '../system/processes.ts';
import { Client } from './client.ts';
import { cloudFiles } from './clouds.ts';
import { configFiles, keystoneUrl } from './config.ts';
import { issueAppCredential, seedCompute, seedIdentity, seedNetwork } from './seed.ts';

// Debian's own, whatever pyenv or conda puts first in PATH.
const PYTHON = '/usr/bin/python3';
const HERE = import.meta.dirname;

/** The stages of the cloud. */
export function openstackStages(settings: Settings): Stage[] {
  const paths = pathsIn(settings.dir);
  const { ports } = settings;
  const etc = (name: string) => join(paths.etc, name);
  const script = (name: string) => join(HERE, name);
  const database = (name: string) => join(paths.data, `${name}.sqlite`);
  const secrets = (): Secrets => ensureSecrets(paths.secrets);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LANG: 'C.UTF-8',
    PYTHONWARNINGS: 'ignore',
    // The services talk over loopback whatever proxy this machine uses.
    no_proxy: '127.0.0.1,localhost',
    OS_KEYSTONE_CONFIG_DIR: paths.etc,
    OS_PLACEMENT_CONFIG_DIR: paths.etc,
  };
  const client = (username: 'admin' | 'demo') =>
    new Client({
      authUrl: keystoneUrl(settings),
      username,
      password: username === 'admin' ? secrets().adminPassword : secrets().demoPassword,
      project: username,
    });

  /** A stage that makes a service's databases a single time; an interrupted one starts over. */
  const setup = (name: string, databases: string[], work: (log: string) => Promise<void>): Stage => ({
    name: `${name}-setup`,
    // Two cores are enough for three imports at a time; these two are not on the way to the first server.
    needs: name === 'glance' || name === 'placement' ? ['keystone-setup'] : ['openstack-config'],
    run: async () => {
      const marker = join(paths.run, `${name}.done`);
      if (existsSync(marker)) return 'kept';
      for (const file of readdirSync(paths.data)) {
        if (databases.some((known) => file.startsWith(`${known}.sqlite`))) rmSync(join(paths.data, file));
      }
      await work(join(paths.log, `${name}-setup.log`));
      await run(PYTHON, [script('wal.py'), ...databases.map(database)]);
      writeFileSync(marker, '');
      return undefined;
    },
  });

  const service = (name: string, needs: string[], url: string, ...args: string[]): Stage => ({
    name,
    needs,
    run: async () => {
      const log = join(paths.log, `${name}.log`);
      await start(paths.run, { name, command: PYTHON, args, env, log, ready: () => answers(url) });
    },
  });

  return [
    {
      name: 'openstack-config',
      needs: ['packages'],
      run: async () => {
        for (const folder of [
          'fernet',
          'neutron',
          'nova/instances',
          'glance/images',
          'glance/staging',
          'glance/tasks',
        ]) {
          mkdirSync(join(paths.data, folder), { recursive: true, mode: 0o700 });
        }
        for (const [name, text] of Object.entries(configFiles({ settings, paths, secrets: secrets() }))) {
          writeWhole(etc(name), text, 0o600);
        }
      },
    },
    setup('keystone', ['keystone'], async (log) => {
      for (const key of ['0', '1']) {
        // A Fernet key is 32 random bytes in URL-safe base64 with its padding.
        const text = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
        writeWhole(join(paths.data, 'fernet', key), text, 0o600);
      }
      await run(PYTHON, [script('keystone_setup.py'), etc('keystone.conf'), keystoneUrl(settings)], {
        env: { ...env, OS_BOOTSTRAP_PASSWORD: secrets().adminPassword },
        log,
      });
    }),
    setup('glance', ['glance'], async (log) => {
      await run('glance-manage', ['--config-file', etc('glance-api.conf'), 'db_sync'], { env, log });
    }),
    setup('placement', ['placement'], async (log) => {
      await run('placement-manage', ['--config-file', etc('placement.conf'), 'db', 'sync'], { env, log });
    }),
    setup('neutron', ['neutron'], async (log) => {
      await run(PYTHON, [script('neutron_schema.py'), database('neutron')], { env, log });
    }),
    setup('nova', ['nova_api', 'nova_cell0', 'nova_cell1'], async (log) => {
      const cells = [database('nova_cell0'), database('nova_cell1')];
      await run(PYTHON, [script('nova_setup.py'), etc('nova.conf'), ...cells], { env, log });
    }),
    service(
      'keystone',
      ['keystone-setup'],
      keystoneUrl(settings),
      script('wsgi.py'),
      `${ports.keystone}`,
      'keystone.server.wsgi',
      'initialize_public_application',
    ),
    service(
      'glance',
      ['glance-setup'],
      `http://127.0.0.1:${ports.glance}/healthcheck`,
      script('glance_api.py'),
      '--config-file',
      etc('glance-api.conf'),
    ),
    service(
      'placement',
      ['placement-setup'],
      `http://127.0.0.1:${ports.placement}/`,
      script('wsgi.py'),
      `${ports.placement}`,
      'placement.wsgi',
      'init_application',
    ),
    service(
      'neutron',
      ['neutron-setup'],
      `http://127.0.0.1:${ports.neutron}/`,
      script('neutron_api.py'),
      '--config-file',
      etc('neutron.conf'),
    ),
    // nova-compute reports itself to Placement when it starts, and not again for a minute.
    service(
      'nova',
      ['nova-setup', 'placement', 'identity'],
      `http://127.0.0.1:${ports.nova}/`,
      script('nova_all.py'),
      '--config-file',
      etc('nova.conf'),
    ),
    {
      name: 'identity',
      needs: ['keystone'],
      run: async () => {
        await seedIdentity(client('admin'), settings, secrets().demoPassword);
        const known = secrets();
        if (known.appCredential === undefined) {
          saveSecrets(paths.secrets, {
            ...known,
            appCredential: await issueAppCredential(client('demo'), settings),
          });
        }
        for (const [path, file] of Object.entries(
          cloudFiles(settings, readSecrets(paths.secrets) ?? known),
        )) {
          writeWhole(path, file.text, file.mode);
        }
      },
    },
    {
      name: 'flavors',
      needs: ['nova'],
      run: () => seedCompute(client('admin'), `http://127.0.0.1:${ports.nova}/v2.1`),
    },
    {
      name: 'network',
      needs: ['neutron', 'identity'],
      run: () => seedNetwork(client('demo'), `http://127.0.0.1:${ports.neutron}`, settings),
    },
  ];
}
