// A session in FreeRDP: starts it, follows its log until the desktop is up, turns its end into a sentence.
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CasementError } from '../../shared/errors.ts';
import { startClient } from './client-process.ts';
import { freerdpMajor } from './clients.ts';
import { sessionOf } from './desktop-session.ts';
import { endDetail, endError, freerdpLaunch, isNormalEnd, LOG_NAME, readLog } from './freerdp.ts';
import { trustFolder } from './trust.ts';
import type { DesktopRequest, DesktopSession } from './types.ts';
import { inTheWay } from './unopened.ts';

/** Opens the desktop in any FreeRDP. `folder` is this session's own. */
export function openWithFreerdp(request: DesktopRequest, folder: string, home: string): DesktopSession {
  const trust = trustFolder(home, request.server);
  mkdirSync(trust, { recursive: true, mode: 0o700 });
  const launch = freerdpLaunch(request, freerdpMajor(request.client), { session: folder, trust });
  const client = startClient(launch.words, launch.stdin, launch.env, folder);
  const log = async () => readLog(await readFile(join(folder, LOG_NAME), 'utf8').catch(() => ''));
  return sessionOf({
    request,
    client,
    folder,
    isOpen: async () => (await log()).open,
    judge: async (code) => {
      const facts = await log();
      if (facts.open && isNormalEnd(code)) return null;
      if (!facts.open && !facts.loginTried && !facts.certificateChanged) {
        const detail = endDetail(code, facts, request);
        const obstacle = await inTheWay(request, { refusal: facts.gateway, detail });
        if (obstacle) return obstacle;
        if (request.display === undefined && noDisplay()) return withoutDisplay(request);
      }
      return endError(code, facts, request, trust);
    },
  });
}

function noDisplay(): boolean {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

function withoutDisplay({ client }: DesktopRequest): CasementError {
  return new CasementError({
    code: 'connect.no-display',
    title: 'There is no screen to open the desktop on',
    whatHappened: `${client.title} needs a graphical session and none is running here (DISPLAY is not set).`,
    whatToDo: 'Connect from a computer with a desktop, to the address shown.',
  });
}
