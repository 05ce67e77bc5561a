import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDesktop } from '../../../electron/connect/index.ts';

const PASSWORD = 'S3cret-x';

/** A program in FreeRDP's place that notes what it was given, says what a log says, and ends. */
function client(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'casement-rdp-'));
  const path = join(folder, 'xfreerdp');
  writeFileSync(
    path,
    `#!/bin/sh
printf '%s\\n' "$@" > '${folder}/argv'; env > '${folder}/env'; cat > '${folder}/stdin'
say() { echo "$1" >> "$WLOG_FILEAPPENDER_OUTPUT_FILE_PATH/$WLOG_FILEAPPENDER_OUTPUT_FILE_NAME"; }
${script}
`,
  );
  chmodSync(path, 0o755);
  const home = join(folder, 'home');
  const request = {
    client: { id: 'xfreerdp', title: 'FreeRDP', path, version: '2.11.7' },
    address: '127.0.0.1',
    port: 1,
    user: 'Administrator',
    password: PASSWORD,
    title: 't',
    server: 'a1',
    certificate: 'ab12',
  };
  const said = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { request, home, said };
}

const ACTIVE = "say 'x CONNECTION_STATE_FINALIZATION --> CONNECTION_STATE_ACTIVE'";

test('a desktop is open when the log says so, and a disconnect is a normal end', async () => {
  const { request, home, said } = client(`${ACTIVE}; sleep 0.5; exit 11`);
  const session = openDesktop(request, home);
  await session.opened;
  expect(session.pid).toBeGreaterThan(0);
  expect(await session.closed).toBeNull();
  expect(said('stdin')).toBe(`${PASSWORD}\n`);
  expect(said('argv') + said('env')).not.toContain(PASSWORD);
  expect(said('env')).toContain(`XDG_CONFIG_HOME=${join(home, 'rdp', 'a1')}`);
  expect(readdirSync(join(home, 'rdp-sessions'))).toEqual([]);
});

test('a session that breaks off is told from one that never opened', async () => {
  const { request, home } = client(`${ACTIVE}; exit 147`);
  const session = openDesktop(request, home);
  await session.opened;
  expect(await session.closed).toMatchObject({ code: 'connect.lost' });
});

test('closing ends the client and is no error', async () => {
  const { request, home } = client(`${ACTIVE}; exec sleep 60`);
  const session = openDesktop(request, home);
  await session.opened;
  session.close();
  expect(await session.closed).toBeNull();
  expect(existsSync(`/proc/${session.pid}`)).toBe(false);
});

test('a client that ends at once because nothing listens says that nothing listens', async () => {
  const { request, home } = client('exit 147');
  const session = openDesktop(request, home);
  await expect(session.opened).rejects.toMatchObject({ code: 'connect.refused' });
  expect(await session.closed).toMatchObject({ code: 'connect.refused' });
});

test('a client that is not there is a sentence too', async () => {
  const { request, home } = client('');
  const gone = { ...request, client: { ...request.client, path: '/nowhere/xfreerdp' } };
  await expect(openDesktop(gone, home).opened).rejects.toMatchObject({ code: 'connect.client' });
});

test('what ends behind a tunnel is told of the server, not of the port on this computer', async () => {
  const { request, home } = client('exit 147');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ends = (more: object) => openDesktop({ ...request, port, ...more }, home).closed;
  expect(await ends({})).toMatchObject({
    code: 'connect.silent',
    whatHappened: expect.stringContaining(`127.0.0.1, port ${port}`),
  });
  expect(await ends({ tunnelTo: '10.0.0.5' })).toMatchObject({
    code: 'connect.unreachable',
    whatHappened: 'Nothing answers at 10.0.0.5, through the tunnel.',
  });
  server.close();
  const wrong = client("say 'CredSSP protocol support'; exit 132");
  expect(await openDesktop({ ...wrong.request, tunnelTo: '10.0.0.5' }, wrong.home).closed).toMatchObject({
    code: 'connect.wrong-password',
    whatHappened: expect.stringContaining('10.0.0.5'),
  });
});
