import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import ssh2, { type ServerChannel } from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepLine, type Line } from '../../../electron/host/line.ts';
import { sshFiles } from '../../../electron/host/ssh-files.ts';

const INIT = 1;
const VERSION = Buffer.from([0, 0, 0, 5, 2, 0, 0, 0, 3]);
/** A packet of a type that SFTP does not have. */
const NONSENSE = Buffer.from([0, 0, 0, 1, 250]);

const client = new ssh2.Client();
let sessions = 0;
let line: Line;
// A server whose first file session answers the first question with nonsense, and whose others end with status 1.
const server = new ssh2.Server(
  {
    hostKeys: [
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
    ],
  },
  (connection) => {
    connection.on('error', () => {});
    connection.on('authentication', (wish) => wish.accept());
    connection.on('session', (accept) => {
      accept().on('subsystem' as 'sftp', (take: () => unknown, refuse: () => void) => {
        if (++sessions > 1) return refuse();
        const channel = take() as ServerChannel;
        channel.on('data', (packet: Buffer) => channel.write(packet[4] === INIT ? VERSION : NONSENSE));
      });
    });
  },
);

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve).once('error', reject);
    client.connect({ host: '127.0.0.1', port, username: 'u', password: 'p' });
  });
  line = keepLine('h', { client, close: () => client.end() }, () => Promise.reject(new Error()));
});
afterAll(() => {
  line.close();
  server.close();
});

it('a malformed answer ends the file session, not the connection: what was asked fails, the next asks for a new session', async () => {
  const asked = ['/a', '/b'].map((path) => sshFiles(line).append(path, 'x'));
  for (const end of await Promise.allSettled(asked))
    expect(end).toMatchObject({ status: 'rejected', reason: { code: 'host.connection-lost' } });
  expect(line.state).toBe('connected');
  await expect(sshFiles(line).append('/c', 'x')).rejects.toMatchObject({ code: 'host.command-refused' });
  expect(sessions).toBe(2);
});
