// A Casement plan that builds with the laboratory's media, on its host, for its cloud.
import type { LabEnv } from './env.ts';

/** The plan as a plain object. */
export function labPlan(env: LabEnv): Record<string, unknown> {
  return {
    media: env.media,
    host: {
      address: env.hosts.user.address,
      identity: env.hosts.user.identity,
      knownHosts: env.hosts.user.knownHosts,
    },
    cloud: { cloudsYaml: env.cloud.cloudsYaml, name: env.cloud.cloud },
    server: { network: env.network, flavor: 'm1.medium' },
  };
}
