// The services' configuration files, as text. Pure.
import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import type { Paths, Settings } from '../settings.ts';

/** Largest image Glance accepts, in bytes: a Windows image of 30 GiB must pass. */
const IMAGE_SIZE_CAP = 64 * 2 ** 30;

export interface ConfigInput {
  settings: Settings;
  paths: Paths;
  secrets: Secrets;
}

type Section = Record<string, string | number | boolean>;

const ini = (sections: Record<string, Section>): string =>
  Object.entries(sections)
    .map(
      ([name, values]) =>
        `[${name}]\n${Object.entries(values)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join('')}`,
    )
    .join('');

const url = (port: number) => `http://127.0.0.1:${port}`;

/** Keystone's address, with its version. */
export const keystoneUrl = (settings: Settings): string => `${url(settings.ports.keystone)}/v3`;

const asAdmin = ({ settings, secrets }: ConfigInput): Section => ({
  auth_url: keystoneUrl(settings),
  auth_type: 'password',
  username: 'admin',
  password: secrets.adminPassword,
  project_name: 'admin',
  user_domain_id: 'default',
  project_domain_id: 'default',
  region_name: 'RegionOne',
});

const authToken = (input: ConfigInput): Section => ({
  ...asAdmin(input),
  www_authenticate_uri: keystoneUrl(input.settings),
  token_cache_time: 10,
  // Without these two Neutron answers Nova with 401.
  service_token_roles: 'admin',
  service_token_roles_required: true,
});

const sqlite = ({ paths }: ConfigInput, name: string) => `sqlite:///${join(paths.data, `${name}.sqlite`)}`;

const keystone = (input: ConfigInput) =>
  ini({
    database: { connection: sqlite(input, 'keystone') },
    // Keystone's own list and TOTP, which it does not offer by itself.
    auth: { methods: 'external,password,token,oauth1,mapped,application_credential,totp' },
    fernet_tokens: { key_repository: join(input.paths.data, 'fernet') },
    // Keystone looks for its receipts' keys too; Debian's folder for them comes with a package that is not needed here.
    fernet_receipts: { key_repository: join(input.paths.data, 'fernet') },
    // The cheapest bcrypt: the passwords are random anyway.
    identity: { password_hash_rounds: 4 },
    token: { expiration: 7200 },
  });

const glance = (input: ConfigInput) => {
  const store = (name: string) => join(input.paths.data, 'glance', name);
  return ini({
    DEFAULT: {
      bind_host: '127.0.0.1',
      bind_port: input.settings.ports.glance,
      workers: 0,
      enabled_backends: 'local:file',
      enabled_import_methods: '[glance-direct,web-download,copy-image]',
      node_staging_uri: `file://${store('staging')}`,
      worker_self_reference_url: url(input.settings.ports.glance),
      image_size_cap: IMAGE_SIZE_CAP,
      show_multiple_locations: false,
    },
    database: { connection: sqlite(input, 'glance') },
    glance_store: { default_backend: 'local' },
    local: { filesystem_store_datadir: store('images') },
    os_glance_staging_store: { filesystem_store_datadir: store('staging') },
    os_glance_tasks_store: { filesystem_store_datadir: store('tasks') },
    // Lets web-download fetch from this machine.
    import_filtering_opts: { allowed_hosts: '[127.0.0.1,localhost]', allowed_ports: '[]' },
    paste_deploy: { flavor: 'keystone', config_file: '/usr/share/glance-common/glance-api-paste.ini' },
    keystone_authtoken: authToken(input),
  });
};

const placement = (input: ConfigInput) =>
  ini({
    placement_database: { connection: sqlite(input, 'placement') },
    keystone_authtoken: authToken(input),
  });

const neutron = (input: ConfigInput) => {
  const state = join(input.paths.data, 'neutron');
  return ini({
    DEFAULT: {
      bind_host: '127.0.0.1',
      bind_port: input.settings.ports.neutron,
      host: 'lab',
      state_path: state,
      api_paste_config: '/usr/share/neutron-common/api-paste.ini',
      transport_url: 'fake://',
      api_workers: 0,
      core_plugin: 'ml2',
      service_plugins: 'router',
      dhcp_agent_notification: false,
    },
    database: { connection: sqlite(input, 'neutron') },
    oslo_concurrency: { lock_path: state },
    ml2: {
      type_drivers: 'local,flat',
      tenant_network_types: 'local',
      mechanism_drivers: 'linuxbridge',
      extension_drivers: 'port_security',
    },
    experimental: { linuxbridge: true },
    ml2_type_flat: { flat_networks: '*' },
    nova: asAdmin(input),
    keystone_authtoken: authToken(input),
  });
};

const nova = (input: ConfigInput) => {
  const { settings, paths, secrets } = input;
  const state = join(paths.data, 'nova');
  return ini({
    DEFAULT: {
      host: 'lab',
      my_ip: '127.0.0.1',
      state_path: state,
      transport_url: 'fake://',
      compute_driver: 'fake.FakeDriver',
      osapi_compute_listen: '127.0.0.1',
      osapi_compute_listen_port: settings.ports.nova,
      metadata_listen: '127.0.0.1',
      metadata_listen_port: settings.ports.metadata,
      periodic_fuzzy_delay: 0,
      default_log_levels:
        'oslo_messaging=ERROR,keystonemiddleware=ERROR,sqlalchemy=WARN,stevedore=WARN,urllib3=WARN',
      vif_plugging_is_fatal: false,
      vif_plugging_timeout: 0,
      allow_resize_to_same_host: true,
      shutdown_timeout: 5,
    },
    wsgi: { api_paste_config: '/usr/share/nova-common/api-paste.ini' },
    api_database: { connection: sqlite(input, 'nova_api') },
    database: { connection: sqlite(input, 'nova_cell1') },
    oslo_concurrency: { lock_path: state },
    scheduler: { discover_hosts_in_cells_interval: 2 },
    placement: asAdmin(input),
    neutron: {
      ...asAdmin(input),
      service_metadata_proxy: true,
      metadata_proxy_shared_secret: secrets.metadataSecret,
    },
    keystone_authtoken: authToken(input),
  });
};

/** Every configuration file by its name. All of them carry passwords: write them 0600. */
export function configFiles(input: ConfigInput): Record<string, string> {
  return {
    'keystone.conf': keystone(input),
    'glance-api.conf': glance(input),
    'placement.conf': placement(input),
    'neutron.conf': neutron(input),
    'nova.conf': nova(input),
  };
}

/** The service catalog: type, name and address. */
export function catalog({ ports }: Settings): { type: string; name: string; url: string }[] {
  return [
    { type: 'image', name: 'glance', url: url(ports.glance) },
    { type: 'placement', name: 'placement', url: url(ports.placement) },
    { type: 'network', name: 'neutron', url: url(ports.neutron) },
    { type: 'compute', name: 'nova', url: `${url(ports.nova)}/v2.1` },
  ];
}
