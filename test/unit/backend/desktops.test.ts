import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Clouds } from '../../../electron/backend/clouds.ts';
import { createDesktops } from '../../../electron/backend/desktops.ts';
import { createEvents } from '../../../electron/backend/events.ts';
import { rdpPorts } from '../connect/rdp-port.ts';

const { listen, close } = rdpPorts();
afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

test('where no certificate is shown no client is started, and the way to the server is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'casement-desktops-'));
  const calls = join(folder, 'calls');
  const client = join(folder, 'xfreerdp');
  writeFileSync(client, `#!/bin/sh\necho "$@" >> '${calls}'\necho 'This is FreeRDP version 2.11.7'\n`);
  chmodSync(client, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  const ended = vi.fn(async () => undefined);
  const port = await listen((socket) => socket.destroy());
  const desktops = createDesktops({
    home: folder,
    events: createEvents(),
    secrets: { get: async () => '', put: async () => ({ ref: '', kept: 'memory' }) },
    clouds: {} as Clouds,
    ways: {
      find: async () => ({
        ...{ address: '127.0.0.1', port, via: 'tunnel', hostLabel: 'kvm1', server: '10.0.0.1' },
        close: ended,
      }),
    },
  });
  const said: string[] = [];
  const opening = desktops.open({
    ...{ server: 'a1', title: 't', addresses: ['10.0.0.1'], hosts: [], user: 'Administrator' },
    client: 'xfreerdp',
    onProgress: ({ message }) => said.push(message),
    password: async () => 'S3cret-x',
  });
  await expect(opening).rejects.toMatchObject({ code: 'connect.no-certificate' });
  expect(said).toContain('The server does not show its certificate yet; trying again');
  expect(readFileSync(calls, 'utf8')).not.toContain('/v:');
  expect(ended).toHaveBeenCalledOnce();
}, 30_000);
