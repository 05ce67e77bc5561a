import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Clouds } from '../../../electron/backend/clouds.ts';
import { createDesktops } from '../../../electron/backend/desktops.ts';
import { createEvents } from '../../../electron/backend/events.ts';
import type { Hosts } from '../../../electron/backend/hosts.ts';
import { createWays, type Ways } from '../../../electron/backend/ways.ts';
import { toErrorData } from '../../../shared/errors.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';
import { rdpPorts } from '../connect/rdp-port.ts';

const { listen, close } = rdpPorts();
afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

/** Desktops of a workstation whose FreeRDP notes what it is told and ends at once. */
function workstation(find: Ways['find']) {
  const folder = mkdtempSync(join(tmpdir(), 'casement-desktops-'));
  const calls = join(folder, 'calls');
  const client = join(folder, 'xfreerdp');
  writeFileSync(client, `#!/bin/sh\necho "$@" >> '${calls}'\necho 'This is FreeRDP version 2.11.7'\n`);
  chmodSync(client, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  vi.stubEnv('DISPLAY', ':99');
  const desktops = createDesktops({
    home: folder,
    events: createEvents(),
    secrets: { get: async () => '', put: async () => ({ ref: '', kept: 'memory' }) },
    clouds: {} as Clouds,
    ways: { find },
  });
  return { desktops, calls: () => readFileSync(calls, 'utf8') };
}

const target = {
  ...{ server: 'a1', title: 't', addresses: ['10.0.0.1'], hosts: [], user: 'Administrator' },
  client: 'xfreerdp',
  password: async () => 'S3cret-x',
} as const;

test('where no certificate is shown no client is started, and the way to the server is closed', async () => {
  const ended = vi.fn(async () => undefined);
  const port = await listen((socket) => socket.destroy());
  const { desktops, calls } = workstation(async () => ({
    ...{ address: '127.0.0.1', port, via: 'tunnel', hostLabel: 'kvm1', server: '10.0.0.1' },
    close: ended,
  }));
  const said: string[] = [];
  const opening = desktops.open({ ...target, onProgress: ({ message }) => said.push(message) });
  await expect(opening).rejects.toMatchObject({ code: 'connect.no-certificate' });
  expect(said).toContain('The server does not show its certificate yet; trying again');
  expect(calls()).not.toContain('/v:');
  expect(ended).toHaveBeenCalledOnce();
}, 30_000);

test('behind a gateway the server is not looked for from here, and the gateway is told from what stands in its way', async () => {
  // No host is asked: there is none.
  const { find } = createWays({ home: '/nonexistent', hosts: {} as Hosts });
  const { desktops, calls } = workstation(find);
  const through = async (address: string) => {
    const desktop = desktopOptions.parse({ gateway: { address } });
    const { opened, view } = await desktops.open({ ...target, desktop });
    await expect(opened).rejects.toMatchObject({ code: expect.stringMatching(/^connect\.gateway-/) });
    expect(view).toMatchObject({ address: '10.0.0.1', via: address });
    return await opened.catch((thrown: unknown) => toErrorData(thrown).code);
  };
  const port = await listen(() => undefined);
  expect(await through(`127.0.0.1:${port}`)).toBe('connect.gateway-refused');
  expect(calls()).toContain(`/v:10.0.0.1:3389 /u:Administrator /d: /cert:tofu`);
  expect(calls()).toContain(`/g:127.0.0.1:${port}`);
  await close();
  expect(await through(`127.0.0.1:${port}`)).toBe('connect.gateway-unreachable');
});
