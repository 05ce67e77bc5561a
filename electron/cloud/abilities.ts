// What an account may do in its project, found out by asking and, where only trying tells, by trying without a trace.
import { CasementError } from '../../shared/errors.ts';
import type { CloudAbilities } from '../../shared/views-cloud.ts';
import type { Glance } from './glance.ts';
import { parseJson } from './identity.ts';
import { listKeypairs } from './keypairs.ts';
import { readLimits } from './limits.ts';
import type { Neutron } from './neutron.ts';
import type { Nova } from './nova.ts';
import type { Session } from './session.ts';

interface Services {
  readonly session: Session;
  readonly glance: Glance;
  readonly nova: Nova;
  readonly neutron: Neutron;
}

/** Name of the empty image that is made, and deleted at once, where nothing else tells. */
const TRIAL = 'casement-sign-in-test';

/** All abilities; a service that does not tell leaves its part null. */
export async function readAbilities(services: Services, mayTry: boolean): Promise<CloudAbilities> {
  const { session, glance, nova, neutron } = services;
  const known = await told(() => anyImage(glance));
  const [limits, publicImages, communityImages, networks, keypairs, projects, token] = await Promise.all([
    readLimits(session, nova, neutron),
    told(() => mayPublish(glance, 'public', known, mayTry)),
    told(() => mayPublish(glance, 'community', known, mayTry)),
    told(() => neutron.networks()),
    told(() => listKeypairs(nova)),
    told(() => session.projects()),
    session.token(),
  ]);
  return {
    limits,
    publicImages,
    communityImages,
    networks:
      networks?.map(({ name, external, shared }) => ({
        name,
        kind: external ? 'external' : shared ? 'shared' : 'own',
      })) ?? null,
    keypairs: keypairs && {
      total: keypairs.length,
      canReceivePassword: keypairs.filter(({ canReceivePassword }) => canReceivePassword).length,
    },
    projects: projects ?? [],
    project: token.projectId,
    tied:
      session.credentials.proof.kind === 'application-credential'
        ? 'An application credential works in the one project it was made in.'
        : null,
  };
}

async function anyImage(glance: Glance): Promise<string | null> {
  const answer = await glance.session.call({
    service: 'image',
    method: 'GET',
    url: `${await glance.url('/images')}?limit=1`,
    doing: 'looking for an image',
  });
  const { images } = (parseJson(answer.text) ?? {}) as { images?: readonly { id?: unknown }[] };
  const id = images?.[0]?.id;
  return typeof id === 'string' ? id : null;
}

/**
 * Whether policy allows a visibility. Glance checks it before it sees that an id is taken: asking for a second image
 * with the id of one there is ends in 403 or 409, and makes nothing. Without any image only a real one tells.
 */
async function mayPublish(
  glance: Glance,
  visibility: 'public' | 'community',
  known: string | null,
  mayTry: boolean,
): Promise<boolean | null> {
  if (known === null && !mayTry) return null;
  const { session } = glance;
  const answer = await session.call({
    service: 'image',
    method: 'POST',
    url: await glance.url('/images'),
    doing: `asking whether ${visibility} images are allowed`,
    json: {
      name: TRIAL,
      visibility,
      disk_format: 'raw',
      container_format: 'bare',
      ...(known === null ? { os_hidden: true } : { id: known }),
    },
    allow: [400, 403, 409, 413],
  });
  if (answer.status === 403) return /quota/i.test(answer.text) ? null : false;
  if (answer.status === 409 && known !== null) return true;
  if (answer.status !== 201) return null;
  // Made on purpose, or because that other image was purged in this very moment: it was never more than a name.
  const { id } = (parseJson(answer.text) ?? {}) as { id?: unknown };
  if (typeof id === 'string') await glance.remove(id);
  return true;
}

/** What a service tells; null when it refuses or is not there. A sign-in that has ended still throws. */
async function told<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (thrown) {
    if (thrown instanceof CasementError && !/^cloud\.(signed-out|token-ended|nobody)$/.test(thrown.code))
      return null;
    throw thrown;
  }
}
