// Signing in on trial: FreeRDP on a screen of its own that nobody sees, ended as soon as the desktop is up.
import { CasementError } from '../../shared/errors.ts';
import { desktopOptions } from '../../shared/plan-connect.ts';
import type { RdpClientView } from '../../shared/views.ts';
import { checkCertificate, forgetCertificate, openDesktop, rdpClients } from '../connect/index.ts';
import type { Ports } from '../run/types.ts';
import { createDisplay } from './display.ts';

/** Trial logins with the FreeRDP of this computer; `home` is Casement's folder. */
export function createTrial(home: string): Ports['trial'] {
  return {
    missing: async () => ((await freerdp()) ? null : NO_CLIENT),
    async signIn({ server, user, gateway, ...place }, password, signal) {
      const client = await freerdp();
      if (!client) throw missing(NO_CLIENT);
      signal.throwIfAborted();
      // Its own: the screen of the person in front is not to flicker. Only X has such screens.
      const env: NodeJS.ProcessEnv = {};
      const display = createDisplay(env);
      if (process.platform === 'linux' && !(await display.start())) throw missing(NO_SCREEN);
      const screen = env.DISPLAY;
      try {
        const certificate = gateway ? null : await checkCertificate(home, { server, ...place, signal });
        const session = openDesktop(
          {
            ...{ ...place, client, user, password, server, certificate, title: TITLE },
            ...(screen === undefined ? {} : { display: screen }),
            ...(gateway ? { options: desktopOptions.parse({ gateway: gateway.options }) } : {}),
            ...(gateway?.password ? { gatewayPassword: gateway.password } : {}),
          },
          home,
        );
        try {
          await Promise.race([session.opened, aborted(signal)]);
        } finally {
          session.close();
          await session.closed;
        }
        return { client: `${client.title} ${client.version}`.trim() };
      } finally {
        display.stop();
        // The server is thrown away next.
        await forgetCertificate(home, server);
      }
    },
  };
}

/** Other clients cannot be watched well enough to say who signed in, or keep the password in a store of their own. */
async function freerdp(): Promise<RdpClientView | undefined> {
  return (await rdpClients()).find(({ id }) => /freerdp/.test(id) && id !== 'wlfreerdp');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const TITLE = 'Casement proves the login';

const NO_CLIENT =
  'Nobody can sign in on trial here: that needs FreeRDP (Debian, Ubuntu: freerdp2-x11 or freerdp3-x11; Fedora: freerdp; macOS: brew install freerdp; Windows: wfreerdp).';
const NO_SCREEN =
  'Nobody can sign in on trial here: that needs a screen nobody sees, Xvfb (Debian, Ubuntu: xvfb; Fedora: xorg-x11-server-Xvfb).';

const missing = (whatHappened: string): CasementError =>
  new CasementError({
    code: 'verify.no-client',
    title: 'Nobody here can sign in on trial',
    whatHappened,
    whatToDo: 'Install it and try again.',
  });
