// OpenStack clouds: one sign-in a source, shared by the wizard and all runs.
import { join } from 'node:path';
import type { CloudSource } from '../../shared/plan.ts';
import {
  cloudChoices,
  cloudTrust,
  createKeypair,
  importKeypairFile,
  openCloud,
  type Person,
  projectsOf,
  type Ticket,
} from '../cloud/index.ts';
import type { Cloud } from '../cloud/types.ts';
import { serverPassword } from '../connect/index.ts';
import type { Ask, Secrets } from '../desktop/port.ts';
import { factsOf } from '../run/password.ts';
import type { Service } from './handlers.ts';

interface CloudsOptions {
  readonly home: string;
  readonly ask: Ask;
  readonly secrets: Secrets;
  /** Opens a cloud's page for signing in; without it the person is told the address. */
  readonly openBrowser?: ((url: string) => Promise<void>) | undefined;
  /** Hears of each cloud that is signed in to without a look at its certificate. */
  readonly onUnchecked?: ((authUrl: string) => void) | undefined;
}

/** Signed-in clouds. */
export interface Clouds {
  readonly service: Service<
    | 'cloud.choices'
    | 'cloud.trust'
    | 'cloud.images'
    | 'cloud.check'
    | 'cloud.abilities'
    | 'cloud.projects'
    | 'cloud.flavors'
    | 'cloud.networks'
    | 'cloud.keypairs'
    | 'cloud.keypair.import'
    | 'cloud.keypair.create'
    | 'cloud.password'
  >;
  /** The signed-in cloud; signs in when it is not. A failed sign-in is tried again by the next caller. */
  open(source: CloudSource): Promise<Cloud>;
  close(): Promise<void>;
}

/** The clouds of this workstation; nobody signs in before somebody asks. */
export function createClouds(options: CloudsOptions): Clouds {
  const opened = new Map<string, Promise<Cloud>>();
  const tickets = new Map<string, Ticket>();
  const person: Person = {
    ask: options.ask,
    tickets,
    ...(options.openBrowser ? { openBrowser: options.openBrowser } : {}),
  };
  const open = (source: CloudSource): Promise<Cloud> => {
    const key = JSON.stringify(source);
    const known = opened.get(key);
    if (known) return known;
    const opening = openCloud(source, { secrets: options.secrets, person });
    opened.set(key, opening);
    opening.then(
      ({ certificateChecked, authUrl }) => certificateChecked || options.onUnchecked?.(authUrl),
      () => opened.delete(key),
    );
    return opening;
  };
  const drop = async (source: CloudSource): Promise<void> => {
    const key = JSON.stringify(source);
    const known = opened.get(key);
    opened.delete(key);
    await (await known?.catch(() => null))?.close();
  };

  return {
    open,
    async close() {
      const all = [...opened.values()];
      opened.clear();
      for (const opening of all) await (await opening.catch(() => null))?.close();
    },
    service: {
      'cloud.choices': () => cloudChoices(),
      'cloud.trust': ({ cloud }) => cloudTrust(cloud),
      async 'cloud.images'({ cloud }) {
        const signedIn = await open(cloud);
        const [images, importMethods, project] = await Promise.all([
          signedIn.images(),
          signedIn.importMethods(),
          signedIn.projectId(),
        ]);
        return { images, importMethods, project };
      },
      async 'cloud.check'({ cloud, again }) {
        // A check means signing in now, with what the files hold now.
        await drop(cloud);
        if (again) tickets.clear();
        return (await open(cloud)).view();
      },
      'cloud.abilities': async ({ cloud, try: mayTry }) => (await open(cloud)).abilities(mayTry ?? false),
      'cloud.projects': ({ cloud }) => projectsOf(cloud, { secrets: options.secrets, person }),
      'cloud.flavors': async ({ cloud, ...need }) => (await open(cloud)).flavors(need),
      'cloud.networks': async ({ cloud }) => (await open(cloud)).networks(),
      'cloud.keypairs': async ({ cloud }) => (await open(cloud)).keypairs(),
      'cloud.keypair.import': async ({ cloud, name, publicKeyFile }) =>
        importKeypairFile(await open(cloud), name, publicKeyFile),
      'cloud.keypair.create': async ({ cloud, name, privateKey }) =>
        createKeypair(await open(cloud), name, privateKey ?? keyFile(options.home, name)),
      'cloud.password': async ({ cloud, server, privateKey, passphrase }) =>
        serverPassword(await factsOf(await open(cloud), server), privateKey, passphrase),
    },
  };
}

/** Where the private key of a pair made here is kept; the name is data and may hold anything. */
export function keyFile(home: string, name: string): string {
  return join(home, 'keys', `${encodeURIComponent(name).replaceAll('.', '%2E')}.pem`);
}
