// A Casement plan that builds with the laboratory's media, on its host, for its cloud.
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { LabEnv } from './env.ts';

/** Where the plan says that the password of its server lies. */
const PASSWORD = 'env:CASEMENT_PRACTICE_PASSWORD';

/** The whole plan, hands-free; the stand-in for Windows needs far less memory than Windows. */
export function labPlan(env: LabEnv): Plan {
  const { address, identity, knownHosts } = env.hosts.user;
  return planSchema.parse({
    casement: 1,
    name: 'Practice',
    windows: '2022',
    host: { kind: 'ssh', address, identity, knownHosts },
    media: {
      windows: { path: env.media.windowsIso },
      virtio: { path: env.media.virtioIso },
      cloudbaseInit: { path: env.media.cloudbaseInitMsi },
    },
    disk: { sizeGB: 40 },
    machine: {
      memoryMB: 1024,
      cores: 1,
      firmware: 'bios',
      type: 'pc',
      diskBus: 'virtio-blk',
      // With a network card there is something for the network driver to be installed for.
      network: true,
    },
    setup: { mode: 'hands-free' },
    cloud: { kind: 'clouds.yaml', cloud: env.cloud.cloud, file: env.cloud.cloudsYaml },
    image: { name: 'Practice Windows' },
    server: { name: 'practice', flavor: 'm1.medium', network: env.network, adminPass: PASSWORD },
    connect: {},
  });
}
