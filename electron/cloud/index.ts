// The entry of this folder: signs in to OpenStack and gives the signed-in project as one Cloud. May touch host and
// shared. Each service has its own file (glance, nova, neutron, keypairs); session.ts keeps the token.
import type { CloudSource } from '../../shared/plan.ts';
import type { CloudChoice, CloudView, ProjectView } from '../../shared/views-cloud.ts';
import type { Secrets } from '../desktop/port.ts';
import { readAbilities } from './abilities.ts';
import { cloudChoices as choicesAt } from './cloud-files.ts';
import type { Surroundings } from './clouds-yaml.ts';
import { openConsole } from './console-stream.ts';
import {
  allocateFloatingIp,
  assignFloatingIp,
  listFloatingIps,
  releaseFloatingIp,
  serverPorts,
} from './floating-ips.ts';
import { Glance } from './glance.ts';
import { regionsOf, servicesOf } from './identity.ts';
import { imageMembers, shareImage } from './image-members.ts';
import { answerOffer, imageOffers } from './image-offers.ts';
import { checkMethod, importMethods } from './import.ts';
import { deleteKeypair, importKeypair, listKeypairs } from './keypairs.ts';
import { readLimits } from './limits.ts';
import { Neutron } from './neutron.ts';
import { Nova } from './nova.ts';
import type { Person } from './person.ts';
import { createGroup, deleteGroup, listGroups } from './security-groups.ts';
import { consoleLog, consoleUrl, deleteMetadata, serverAction } from './server-actions.ts';
import { serverRows } from './server-rows.ts';
import { launchTag, serverView } from './server-view.ts';
import { Session } from './session.ts';
import { here, resolveCloud } from './sources.ts';
import type { Cloud, PasswordFacts } from './types.ts';
import { uploadImage } from './upload.ts';

export { waitForServer } from './follow.ts';
export { imageRequest } from './image-properties.ts';
export { createKeypair, importKeypairFile, keyFileFacts, memoryKeypair } from './keypairs.ts';
export { ownAddress } from './own-address.ts';
export type { Person, Ticket } from './person.ts';
export { removeExtras, removeServers } from './remove-servers.ts';
export { cloudTrust, resolveCloud } from './sources.ts';
export { uploadJob } from './upload.ts';

/** Signs in. Throws sentences: wrong password, unknown project, unreachable, certificate not trusted, file problems. */
export async function openCloud(
  source: CloudSource,
  ports: { readonly secrets: Secrets; readonly person?: Person },
  signal?: AbortSignal,
): Promise<Cloud> {
  return cloudOf(await Session.open(await resolveCloud(source, ports.secrets), ports.person ?? null, signal));
}

/** The projects of an account, for a sign-in that does not yet know which one. */
export async function projectsOf(
  source: CloudSource,
  ports: { readonly secrets: Secrets; readonly person: Person },
): Promise<ProjectView[]> {
  return await Session.projectsOf(await resolveCloud(source, ports.secrets), ports.person);
}

/** Every cloud of this workstation's files and variables. Throws `cloud.bad-yaml` for a broken file. */
export function cloudChoices(at: Surroundings = here()): Promise<CloudChoice[]> {
  return choicesAt(at);
}

function cloudOf(session: Session): Cloud {
  const glance = new Glance(session);
  const nova = new Nova(session);
  const neutron = new Neutron(session);
  return {
    authUrl: session.credentials.authUrl,
    certificateChecked: session.credentials.verify,
    projectId: async () => (await session.token()).projectId,
    view: () => view(session),
    abilities: (mayTry) => readAbilities({ session, glance, nova, neutron }, mayTry),
    endpoint: (type) => session.endpoint(type),
    images: ({ hidden } = {}) => glance.list(hidden ? { os_hidden: 'true' } : {}),
    image: (id) => glance.get(id),
    imageByTag: (tag) => glance.byTag(tag),
    createImage: (request, tag) => glance.create(request, tag),
    uploadImage: (request) => uploadImage(glance, request),
    updateImage: (id, changes) => glance.update(id, changes),
    importMethods: () => importMethods(glance),
    checkMethod: (method) => checkMethod(glance, method),
    imageMembers: (id) => imageMembers(glance, id),
    shareImage: (id, projects) => shareImage(glance, id, projects),
    imageOffers: () => imageOffers(glance),
    answerOffer: (id, answer) => answerOffer(glance, id, answer),
    deleteImage: (id) => glance.remove(id),
    flavors: (need) => nova.flavors(need),
    networks: () => neutron.networks(),
    keypairs: () => listKeypairs(nova),
    importKeypair: (name, publicKey) => importKeypair(nova, name, publicKey),
    deleteKeypair: (name) => deleteKeypair(nova, name),
    servers: (tag) => nova.servers(tag),
    serverRows: (onPage, signal) => serverRows(nova, () => glance.list(), onPage, signal),
    server: async (id) => {
      const body = await nova.body(id);
      return body && serverView(body);
    },
    launch: async (request) => {
      const network = await (request.network === null ? neutron.onlyOne() : neutron.idOf(request.network));
      return await nova.launch({ ...request, network });
    },
    createServer: (order) => nova.create(order),
    launched: (tag) => nova.launched(tag),
    launchTag: async (id) => {
      const body = await nova.body(id);
      return body && launchTag(body);
    },
    flavorId: (nameOrId) => nova.flavorId(nameOrId),
    limits: () => readLimits(session, nova, neutron),
    zones: () => nova.zones(),
    securityGroups: () => listGroups(neutron),
    createSecurityGroup: (wanted) => createGroup(neutron, wanted),
    deleteSecurityGroup: (id) => deleteGroup(neutron, id),
    floatingIps: () => listFloatingIps(neutron),
    serverPorts: (id) => serverPorts(neutron, id),
    allocateFloatingIp: (wanted) => allocateFloatingIp(neutron, wanted),
    assignFloatingIp: (id, port) => assignFloatingIp(neutron, id, port),
    releaseFloatingIp: (id) => releaseFloatingIp(neutron, id),
    deleteServer: (id) => nova.remove(id),
    serverAction: (id, action) => serverAction(nova, id, action),
    consoleLog: (id, lines) => consoleLog(nova, id, lines),
    consoleUrl: (id, kind) => consoleUrl(nova, id, kind),
    consoleStream: async (id) => openConsole((await consoleUrl(nova, id, 'novnc')).url, session.http.trust),
    deleteMetadata: (id, key) => deleteMetadata(nova, id, key),
    encryptedPassword: (id) => nova.encryptedPassword(id),
    passwordFacts: (id) => passwordFacts(nova, id),
    close: () => session.http.close(),
  };
}

async function view(session: Session): Promise<CloudView> {
  const { authUrl, region, interface: wanted } = session.credentials;
  const token = await session.token();
  const regions = regionsOf(token.catalog);
  return {
    authUrl,
    user: token.user,
    project: token.project,
    region: region ?? (regions.length === 1 ? (regions[0] ?? null) : null),
    regions,
    roles: token.roles,
    tokenExpires: token.expiresAt,
    renewal: session.renewal,
    certificateChecked: session.credentials.verify,
    services: servicesOf(token.catalog, region, wanted),
    // Policies differ; only administrators may publish everywhere. For others Glance decides when the image is made.
    publicAllowed: token.roles.includes('admin') ? true : null,
  };
}

/** What decides whether a password is known, still to come, or will never come; null when there is no such server. */
async function passwordFacts(nova: Nova, id: string): Promise<PasswordFacts | null> {
  const [server, keypairs] = await Promise.all([nova.body(id), listKeypairs(nova)]);
  if (!server) return null;
  const keypair = server.key_name ?? null;
  return {
    encrypted: await nova.encryptedPassword(id),
    keypair,
    keyType: keypairs.find(({ name }) => name === keypair)?.type ?? null,
    status: server.status,
    launchedAt: server['OS-SRV-USG:launched_at'] ?? null,
    adminPassGiven: server.metadata.admin_pass !== undefined,
  };
}
