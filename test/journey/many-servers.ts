// A cloud that answers as Keystone, Nova and Glance of the laboratory do, with 10,000 servers
// and 2,000 images made after that one: as many cannot exist here.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SERVERS = 10_000;
export const IMAGES = 2000;

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const states = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'SHUTOFF', 'ERROR', 'BUILD'];

// As Nova 2.90 answers GET /servers/detail, less the links that nobody reads.
const server = (n: number) => ({
  id: id(1, n),
  name: n === 77 ? `a-very-long-name-${'of-a-server-'.repeat(14)}end` : `win-${(n * 7919) % SERVERS}`,
  status: states[n % states.length],
  tenant_id: '57a1b94edaa24d938a4f0c8f9d2a6d30',
  user_id: 'd5ef7e0db0a84c4f9cbb0c6ad1f2c8a7',
  metadata: {},
  hostId: 'c4a3f2d6d3c1c3b0b0e1a5f4b8b6c1d2e3f4a5b6c7d8e9f0a1b2c3d4',
  image: { id: id(2, n % IMAGES), links: [] },
  flavor: {
    vcpus: 2,
    ram: 4096,
    disk: 60,
    ephemeral: 0,
    swap: 0,
    original_name: `m1.${['small', 'medium', 'large'][n % 3]}`,
    extra_specs: {},
  },
  created: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString().replace('.000', ''),
  updated: '2026-11-27T13:54:20Z',
  addresses: {
    practice: [
      {
        version: 4,
        addr: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
        'OS-EXT-IPS:type': 'fixed',
        'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:1c:1a:7e',
      },
    ],
  },
  accessIPv4: '',
  accessIPv6: '',
  'OS-DCF:diskConfig': 'MANUAL',
  progress: 0,
  'OS-EXT-AZ:availability_zone': 'nova',
  config_drive: '',
  key_name: null,
  'OS-SRV-USG:launched_at': '2026-11-27T13:54:20.000000',
  'OS-SRV-USG:terminated_at': null,
  security_groups: [{ name: 'default' }],
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:vm_state': 'active',
  'OS-EXT-STS:power_state': 1,
  'os-extended-volumes:volumes_attached': [],
  locked: false,
  description: null,
  tags: [],
  trusted_image_certificates: null,
});
const image = (n: number) => ({
  id: id(2, n),
  name: `Windows Server ${[2016, 2019, 2022, 2025][n % 4]} build ${n}`,
  status: 'active',
  visibility: 'private',
  size: 9_000_000_000 + n,
  virtual_size: 64_424_509_440,
  min_disk: 60,
  min_ram: 4096,
  disk_format: 'qcow2',
  os_type: 'windows',
  created_at: '2026-10-01T08:00:00Z',
  tags: [],
});

export const CONSOLE_LOG = Array.from({ length: 300 }, (_, n) => `boot line ${n}`).join('\n');

/** Starts the cloud; every server's console is the one at `screen`, the address of a WebSocket. */
export async function manyServers(screen: string) {
  const server_ = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', base());
    const page = <T>(key: string, all: number, made: (n: number) => T & { id: string }, most: number) => {
      const limit = Math.min(Number(searchParams.get('limit') ?? most), most);
      const marker = searchParams.get('marker');
      const from = marker === null ? 0 : Number(marker.slice(-12)) + 1;
      const items = Array.from({ length: Math.max(0, Math.min(limit, all - from)) }, (_, i) =>
        made(from + i),
      );
      const more = from + items.length < all;
      const query = `limit=${limit}&marker=${items.at(-1)?.id}`;
      return {
        [key]: items,
        ...(more && key === 'servers'
          ? { servers_links: [{ rel: 'next', href: `${base()}/nova/v2.1/servers/detail?${query}` }] }
          : {}),
        ...(more && key === 'images' ? { next: `/v2/images?${query}` } : {}),
      };
    };
    const answer = (body: unknown, status = 200, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'POST' && pathname.endsWith('/auth/tokens'))
      return void request
        .resume()
        .on('end', () => answer(token(base()), 201, { 'x-subject-token': 'a-token' }));
    if (pathname.endsWith('/remote-consoles'))
      return answer({ remote_console: { protocol: 'vnc', type: 'novnc', url: screen } });
    // The only action that is asked for here is the console log.
    if (pathname.endsWith('/action')) return answer({ output: CONSOLE_LOG });
    if (pathname.endsWith('/servers/detail')) return answer(page('servers', SERVERS, server, 1000));
    // All images are private, so that none is shared.
    if (pathname.endsWith('/v2/images'))
      return answer(page('images', searchParams.get('visibility') ? 0 : IMAGES, image, 1000));
    if (/^\/nova\/v2\.1\/?$/.test(pathname))
      return answer({ version: { id: 'v2.1', status: 'CURRENT', version: '2.90', min_version: '2.1' } });
    if (/^\/keystone(\/v3)?\/?$/.test(pathname))
      return answer({
        version: { id: 'v3.14', status: 'stable', links: [{ rel: 'self', href: `${base()}/keystone/v3/` }] },
      });
    answer({ itemNotFound: { message: pathname, code: 404 } }, 404);
  });
  const base = () => `http://127.0.0.1:${(server_.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server_.listen(0, '127.0.0.1', resolve));
  const settings = {
    ...{ auth_url: `${base()}/keystone/v3`, username: 'demo', password: 'demo', project_name: 'demo' },
    ...{ user_domain_name: 'Default', project_domain_name: 'Default' },
  };
  return {
    cloudsYaml: JSON.stringify({
      clouds: {
        many: { auth: settings, region_name: 'RegionOne' },
        unchecked: { auth: settings, region_name: 'RegionOne', verify: false },
      },
    }),
    close: () => {
      server_.closeAllConnections();
      server_.close();
    },
  };
}

function token(base: string) {
  const endpoint = (url: string) => [
    { id: url, interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url },
  ];
  const domain = { id: 'default', name: 'Default' };
  return {
    token: {
      methods: ['password'],
      user: { id: 'u', name: 'demo', domain, password_expires_at: null },
      project: { id: 'p', name: 'demo', domain },
      roles: [{ id: 'm', name: 'member' }],
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      issued_at: new Date().toISOString(),
      catalog: [
        { type: 'compute', name: 'nova', id: 'c', endpoints: endpoint(`${base}/nova/v2.1`) },
        { type: 'image', name: 'glance', id: 'i', endpoints: endpoint(`${base}/glance`) },
      ],
    },
  };
}
