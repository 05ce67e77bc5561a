// The one backend behind every front: composes the services and answers the contract. Arguments are parsed with
// the contract's schema here, whichever front they come through.
// May touch: backend/, run and every layer below it, shared. Never a front.
import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import {
  type CallName,
  type CallParsed,
  calls,
  type EventName,
  type StreamName,
  streams,
} from '../shared/contract.ts';
import { CasementError } from '../shared/errors.ts';
import { appService } from './backend/app.ts';
import { createPasswordClipboard } from './backend/clipboard.ts';
import { createClouds } from './backend/clouds.ts';
import { createDesktops } from './backend/desktops.ts';
import { createEvents } from './backend/events.ts';
import type { Handlers } from './backend/handlers.ts';
import { defaultHome, openHome } from './backend/home.ts';
import { createHosts } from './backend/hosts.ts';
import { createLaunches } from './backend/launches.ts';
import { createTrial } from './backend/login-proof.ts';
import { createMachines } from './backend/machines.ts';
import { mediaService } from './backend/media.ts';
import { createPractice } from './backend/practice.ts';
import { createQuestions } from './backend/questions.ts';
import { createRuns } from './backend/runs.ts';
import { createSecrets } from './backend/secrets.ts';
import { serversService } from './backend/servers.ts';
import { createWays, waysOf } from './backend/ways.ts';
import type { Ask, Desktop } from './desktop/port.ts';
import type { Ports } from './run/types.ts';

export { defaultHome } from './backend/home.ts';

export interface Backend {
  /** Answers one call; `args` are parsed here. Rejects with `bad-arguments` when they do not fit the contract. */
  call(name: CallName, args: unknown): Promise<unknown>;
  openStream(name: StreamName, args: unknown): Promise<Duplex>;
  /** Hears every event, first of all the questions still open; the function given back stops listening. */
  on(listener: (name: EventName, payload: unknown) => void): () => void;
  /** Closes connections; builds on their hosts go on. */
  close(): Promise<void>;
}

export interface BackendOptions {
  readonly front: 'electron' | 'served' | 'cli';
  /** Why Electron did not start, when another front stands in for it. */
  readonly frontReason?: string;
  /** State folder; default CASEMENT_HOME or the place this system keeps such things. */
  readonly home?: string;
  readonly desktop: Desktop;
  /** How to ask the person in front; default: `question` events answered by `question.answer`. */
  readonly ask?: Ask;
  /** Hears of each cloud that is signed in to without a look at its certificate; the wizard shows that by itself. */
  readonly onUnchecked?: (authUrl: string) => void;
}

/** Starts the backend. Rejects when the state folder cannot be made. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const home = await openHome(options.home ?? defaultHome());
  const { desktop, front, onUnchecked } = options;
  const events = createEvents();
  const questions = createQuestions(events);
  const ask = options.ask ?? questions;
  const env = { ...process.env };
  const secrets = createSecrets(desktop, ask, env);
  const practice = await createPractice({ home, events, env });
  const hosts = createHosts({ home, ask, secrets, events });
  const clouds = createClouds({ home, ask, secrets, openBrowser: desktop.openSignIn, onUnchecked });
  const ways = createWays({ home, hosts });
  const desktops = createDesktops({ home, events, secrets, clouds, ways });
  const ports: Ports = {
    host: (plan, signal) => hosts.open(plan.host, signal),
    cloud: (plan) => (plan.cloud ? clouds.open(plan.cloud) : Promise.reject(noCloud())),
    secrets,
    way: (plan, addresses, signal, options) =>
      ways.find(addresses, waysOf(plan), signal, {
        ...options,
        gateway: plan.connect?.desktop?.gateway?.address,
      }),
    home,
    trial: createTrial(home),
    openDesktop: desktops.openFor,
  };
  const clipboard = createPasswordClipboard(desktop);
  const runs = createRuns({ home, events, ports });
  const machines = createMachines(hosts, runs);
  const launches = createLaunches({ clouds, runs });
  const handlers: Handlers = {
    ...appService({ front, frontReason: options.frontReason ?? null, home }),
    ...hosts.service,
    ...clouds.service,
    ...mediaService(hosts),
    ...runs.service,
    ...machines.service,
    ...desktops.service(runs),
    ...launches.service,
    ...serversService({ home, events, clouds, desktops }),
    ...practice.service,
    'question.answer': ({ id, answer }) => questions.answer(id, answer),
    'secret.put': ({ name, value }) => secrets.put(name, value),
    'desktop.pickFile': async ({ title, extensions }) =>
      desktop.pickFile
        ? { available: true, path: await desktop.pickFile(title, extensions) }
        : { available: false, path: null },
    'desktop.copyPassword': async ({ password }) => ({ copied: await clipboard.copy(password) }),
    'desktop.openExternal': ({ url }) => desktop.openExternal(url),
  };
  return {
    call: (name, args) => answer(handlers, name, args),
    async openStream(name, args) {
      return name === 'screen'
        ? await machines.screen(parse(streams.screen, args, name).run)
        : await launches.console(parse(streams.console, args, name));
    },
    on(listener) {
      const stops = [events.on(listener), questions.greet(listener)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    async close() {
      questions.close();
      practice.close();
      // A clipboard that cannot be read holds nobody up.
      await clipboard.clear().catch(() => undefined);
      await runs.close();
      await desktops.close();
      await Promise.all([clouds.close(), hosts.close()]);
    },
  };
}

async function answer<N extends CallName>(handlers: Handlers, name: N, args: unknown): Promise<unknown> {
  return await handlers[name](parse(calls[name].args, args, name) as CallParsed<N>);
}

function parse<S extends z.ZodType>(schema: S, value: unknown, name: string): z.output<S> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  // Only where and why: the values themselves may be secrets.
  const problems = result.error.issues.map(
    (issue) => `${issue.path.map(String).join('.') || '(all)'}: ${issue.message}`,
  );
  throw new CasementError({
    code: 'bad-arguments',
    title: 'Casement cannot work with these values',
    whatHappened: `The request "${name}" does not fit: ${problems[0] ?? 'unknown reason'}.`,
    whatToDo: 'Correct the value named here and try again.',
    detail: problems.join('\n'),
  });
}

const noCloud = (): CasementError =>
  new CasementError({
    code: 'cloud.none',
    title: 'The plan names no cloud',
    whatHappened: 'This step needs an OpenStack cloud to work with.',
    whatToDo: 'Choose a cloud on the page "Publish" and continue.',
  });
