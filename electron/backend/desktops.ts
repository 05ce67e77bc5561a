// Desktops of launched servers: which RDP clients there are, the sessions opened from here and how they are.
import { randomUUID } from 'node:crypto';
import { CasementError, toErrorData } from '../../shared/errors.ts';
import type { HostSpec, Plan } from '../../shared/plan.ts';
import type { DesktopOptions } from '../../shared/plan-connect.ts';
import { createMeter } from '../../shared/progress.ts';
import type { RdpClientView, SessionView } from '../../shared/views.ts';
import {
  checkCertificate,
  chooseClient,
  openDesktop,
  rdpClients,
  untilLed,
  type Way,
} from '../connect/index.ts';
import type { DesktopSession } from '../connect/types.ts';
import type { Secrets } from '../desktop/port.ts';
import type { OnProgress } from '../host/types.ts';
import { desktopPassword } from '../run/password.ts';
import type { DesktopWish, Ports } from '../run/types.ts';
import type { Clouds } from './clouds.ts';
import { createDisplay } from './display.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';
import type { Runs } from './runs.ts';
import { type Ways, waysOf } from './ways.ts';

/** A server that answered a moment ago may just restart: its first start does that. In ms. */
const ANSWER_MS = 60_000;
/** Behind a gateway nobody saw how far Windows is: its first start takes 3 to 20 minutes. In ms. */
const FIRST_START_MS = 20 * 60_000;
const NO_SCREEN = 'connect.no-screen';

interface DesktopsOptions {
  readonly home: string;
  readonly events: EventBus;
  readonly secrets: Secrets;
  readonly clouds: Clouds;
  readonly ways: Ways;
}

/** What a session is opened with; the password is asked for only when it is needed. */
interface DesktopTarget {
  readonly server: string;
  readonly title: string;
  /** The server's own addresses, the one to try first in front. */
  readonly addresses: readonly string[];
  /** SSH hosts to try first where no address can be reached. */
  readonly hosts: readonly HostSpec[];
  readonly user: string;
  readonly client: NonNullable<Plan['connect']>['client'];
  readonly desktop?: DesktopOptions;
  /** How long the desktop may take to answer, in ms. */
  readonly waitMs?: number;
  readonly onProgress?: OnProgress;
  readonly password: () => Promise<string>;
}

interface Opened {
  readonly view: SessionView;
  /** Resolves once somebody is logged in. */
  readonly opened: Promise<void>;
  /** Title of the client. */
  readonly client: string;
}

export interface Desktops {
  readonly service: (runs: Runs) => Service<'connect.clients' | 'connect.open' | 'connect.sessions'>;
  readonly openFor: Ports['openDesktop'];
  /** Opens a desktop; `opened` resolves once somebody is logged in. */
  open(target: DesktopTarget, signal?: AbortSignal): Promise<Opened>;
  close(): Promise<void>;
}

/** The desktops opened from this process. */
export function createDesktops(options: DesktopsOptions): Desktops {
  const { home, events, secrets, clouds, ways } = options;
  const views = new Map<string, SessionView>();
  const headless = new Set<DesktopSession>();
  const display = createDisplay();

  const set = (view: SessionView): SessionView => {
    views.set(view.id, view);
    events.emit('session.changed', view);
    return view;
  };
  const open = async (target: DesktopTarget, signal = new AbortController().signal): Promise<Opened> => {
    const client = chooseClient(await rdpClients(), target.client);
    const password = await target.password();
    const way = await ways.find(target.addresses, target.hosts, signal, {
      waitMs: target.waitMs ?? ANSWER_MS,
      gateway: target.desktop?.gateway?.address,
      ...(target.onProgress ? { onProgress: target.onProgress } : {}),
    });
    try {
      return await openOn(way, target, client, password, signal);
    } catch (thrown) {
      await way.close();
      throw thrown;
    }
  };
  const openOn = async (
    way: Way,
    target: DesktopTarget,
    client: RdpClientView,
    password: string,
    signal: AbortSignal,
  ): Promise<Opened> => {
    const { server, title, user, desktop } = target;
    const { address, port, tunnelTo } = way;
    // Checked before the password goes anywhere, and for clients too that would take any certificate.
    const say = (message: string) => target.onProgress?.(createMeter('steps', null).update(0, message));
    const certificate =
      way.via === 'gateway'
        ? null
        : await checkCertificate(home, { server, address, port, tunnelTo, signal, say });
    // Without a screen of its own the login is still proven, on one that nobody sees. It is started last: it ends with
    // its last window, and asking a client for its version may already be one.
    const hidden = display.missing();
    if (hidden && !(await display.start())) throw noScreen(way.server);
    const gateway = desktop?.gateway?.password;
    const session = openDesktop(
      {
        ...{ client, address, port, tunnelTo, user, password, title, server, certificate },
        ...(desktop ? { options: desktop } : {}),
        ...(gateway ? { gatewayPassword: await secrets.get(gateway, 'the password of the gateway') } : {}),
      },
      home,
    );
    if (hidden) headless.add(session);
    const view = set({
      id: randomUUID(),
      server,
      address: way.server,
      via: way.hostLabel,
      state: 'opening',
      hidden,
      error: null,
    });
    const opened = session.opened.then(() => void set({ ...view, state: 'open' }));
    opened.catch((thrown: unknown) => set({ ...view, state: 'failed', error: toErrorData(thrown) }));
    void session.closed.then((error) => {
      headless.delete(session);
      void way.close();
      if (views.get(view.id)?.state !== 'failed') set({ ...view, state: error ? 'failed' : 'closed', error });
    });
    return { view, opened, client: client.title };
  };
  const targetOf = ({ plan, server, address }: DesktopWish): DesktopTarget => ({
    server,
    addresses: [address],
    hosts: waysOf(plan),
    title: plan.server?.name ?? plan.name,
    user: plan.connect?.user ?? plan.cloudbaseInit?.username ?? 'Administrator',
    client: plan.connect?.client ?? 'auto',
    ...(plan.connect?.desktop ? { desktop: plan.connect.desktop } : {}),
    async password() {
      if (!plan.server || !plan.cloud) throw notLaunched();
      const state = await desktopPassword(await clouds.open(plan.cloud), plan.server, server, secrets);
      if (state.state === 'known') return state.password;
      throw passwordUnknown(state.reason);
    },
  });

  return {
    open,
    async openFor(wish, signal) {
      try {
        return await untilLed(
          async () => {
            const { client, opened } = await open(targetOf(wish), signal);
            await Promise.race([opened, aborted(signal)]);
            return { client };
          },
          { waitMs: FIRST_START_MS, signal },
        );
      } catch (thrown) {
        if (thrown instanceof CasementError && thrown.code === NO_SCREEN)
          return { skipped: thrown.whatHappened };
        throw thrown;
      }
    },
    async close() {
      for (const session of headless) session.close();
      await Promise.all([...headless].map(({ closed }) => closed));
      display.stop();
    },
    service: (runs) => ({
      'connect.clients': () => rdpClients(),
      async 'connect.open'({ run }) {
        const { plan, status } = await runs.info(run);
        const { serverId, address } = status.facts;
        if (serverId === undefined || address === undefined) throw notLaunched();
        return (await open(targetOf({ run, plan, server: serverId, address }))).view;
      },
      'connect.sessions': () => [...views.values()],
    }),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const noScreen = (address: string): CasementError =>
  new CasementError({
    code: NO_SCREEN,
    title: 'There is no screen to open the desktop on',
    whatHappened: `This computer has no graphical session. Connect from a computer with a desktop to ${address}.`,
    whatToDo: 'Use any RDP client there, or install Xvfb here to prove the login without a screen.',
  });

const notLaunched = (): CasementError =>
  new CasementError({
    code: 'connect.no-server',
    title: 'There is no server to connect to',
    whatHappened: 'This build has not launched a server that answers yet.',
    whatToDo: 'Launch a server first.',
  });

const passwordUnknown = (reason: string): CasementError =>
  new CasementError({
    code: 'connect.no-password',
    title: 'The password of the server is not known',
    whatHappened: reason,
    whatToDo: 'Wait a while and try again, or launch the server with a chosen password.',
  });
