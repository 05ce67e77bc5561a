// Desktops of launched servers: which RDP clients there are, the sessions opened from here and how they are.
import { randomUUID } from 'node:crypto';
import { CasementError, toErrorData } from '../../shared/errors.ts';
import type { Plan } from '../../shared/plan.ts';
import type { SessionView } from '../../shared/views.ts';
import { chooseClient, openDesktop, rdpClients } from '../connect/index.ts';
import type { DesktopSession } from '../connect/types.ts';
import type { Secrets } from '../desktop/port.ts';
import { desktopPassword } from '../run/password.ts';
import type { DesktopWish, Ports } from '../run/types.ts';
import type { Clouds } from './clouds.ts';
import { createDisplay } from './display.ts';
import type { EventBus } from './events.ts';
import type { Service } from './handlers.ts';
import type { Runs } from './runs.ts';

const RDP_PORT = 3389;
const NO_SCREEN = 'connect.no-screen';

interface DesktopsOptions {
  readonly home: string;
  readonly events: EventBus;
  readonly secrets: Secrets;
  readonly clouds: Clouds;
}

/** What a session is opened with; the password is asked for only when it is needed. */
interface DesktopTarget {
  readonly server: string;
  readonly title: string;
  readonly address: string;
  readonly user: string;
  readonly client: NonNullable<Plan['connect']>['client'];
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
  open(target: DesktopTarget): Promise<Opened>;
  close(): Promise<void>;
}

/** The desktops opened from this process. */
export function createDesktops(options: DesktopsOptions): Desktops {
  const { home, events, secrets, clouds } = options;
  const views = new Map<string, SessionView>();
  const headless = new Set<DesktopSession>();
  const display = createDisplay();

  const set = (view: SessionView): SessionView => {
    views.set(view.id, view);
    events.emit('session.changed', view);
    return view;
  };
  const open = async (target: DesktopTarget): Promise<Opened> => {
    const client = chooseClient(await rdpClients(), target.client);
    const password = await target.password();
    // Without a screen of its own the login is still proven, on one that nobody sees. It is started last: it ends with
    // its last window, and asking a client for its version may already be one.
    const hidden = display.missing();
    if (hidden && !(await display.start())) throw noScreen(target.address);
    const { server, title, address, user } = target;
    const session = openDesktop({ client, address, port: RDP_PORT, user, password, title, server }, home);
    if (hidden) headless.add(session);
    const view = set({ id: randomUUID(), server, address, state: 'opening', hidden, error: null });
    const opened = session.opened.then(() => void set({ ...view, state: 'open' }));
    opened.catch((thrown: unknown) => set({ ...view, state: 'failed', error: toErrorData(thrown) }));
    void session.closed.then((error) => {
      headless.delete(session);
      if (views.get(view.id)?.state !== 'failed') set({ ...view, state: error ? 'failed' : 'closed', error });
    });
    return { view, opened, client: client.title };
  };
  const targetOf = ({ plan, server, address }: DesktopWish): DesktopTarget => ({
    server,
    address,
    title: plan.server?.name ?? plan.name,
    user: plan.connect?.user ?? 'Administrator',
    client: plan.connect?.client ?? 'auto',
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
        const { client, opened } = await open(targetOf(wish));
        await Promise.race([opened, aborted(signal)]);
        return { client };
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
