import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sudo } from '../../../electron/host/sudo.ts';
import type { Host } from '../../../electron/host/types.ts';
import { until } from '../../until.ts';
import { labEnv } from '../lab.ts';
import { leaveAll, meet, specOf } from './bench.ts';

let host: Host;
let dir = '';
beforeAll(async () => {
  host = (await meet(specOf('user'))).host;
  dir = (await host.run(['mktemp', '-d'])).stdout.trim();
});
afterAll(async () => {
  await host.run(['rm', '-rf', '--', dir]);
  await leaveAll();
});

describe('a command on a host behind SSH', () => {
  it('gets its words and its input unchanged', async () => {
    const words = ['a b', "c'd", '$e', '`f`', '\n', '', 'ümlaut', '*', '~'];
    const { stdout } = await host.run(['sh', '-c', 'printf "%s\\0" "$@"; cat', '-', ...words], {
      stdin: 'in\0put',
    });
    expect(stdout).toBe(`${words.join('\0')}\0in\0put`);
  });

  it('has no terminal and its status is told', async () => {
    expect((await host.run(['tty'], { allowFailure: true })).stdout.trim()).toBe('not a tty');
    expect((await host.run(['sh', '-c', 'exit 9'], { allowFailure: true })).code).toBe(9);
    expect((await host.run(['sh', '-c', 'kill -KILL $$'], { allowFailure: true })).code).toBe(137);
    expect((await host.run(['no-such-program'], { allowFailure: true })).code).toBe(127);
    await expect(host.run(['sh', '-c', 'echo why >&2; exit 1'])).rejects.toMatchObject({
      code: 'host.command-failed',
      whatHappened: expect.stringContaining('why'),
    });
  });

  it('streams what it says, also much of it', async () => {
    let bytes = 0;
    const { stdout } = await host.run(['head', '-c', '20000000', '/dev/zero'], {
      onStdout: (chunk) => {
        bytes += chunk.length;
      },
    });
    expect([bytes, stdout.length]).toEqual([20_000_000, 20_000_000]);
  });

  it('runs beside many others on one connection', async () => {
    const all = Array.from({ length: 40 }, (_, i) =>
      host.run(['sh', '-c', 'sleep 0.05; echo "$1"', '-', `${i}`]),
    );
    expect((await Promise.all(all)).map(({ stdout }) => Number(stdout))).toEqual(all.map((_, i) => i));
  });

  it.each(['aborted', 'too slow'])('is ended with its children when it is %s', async (why) => {
    const abort = new AbortController();
    let child = 0;
    const running = host.run(['sh', '-c', "trap '' TERM; sleep 300 & echo $!; wait; wait"], {
      signal: abort.signal,
      ...(why === 'too slow' ? { timeoutMs: 500 } : {}),
      onStdout: (chunk) => {
        child = Number(chunk.toString());
        if (why === 'aborted') abort.abort();
      },
    });
    await expect(running).rejects.toMatchObject(
      why === 'aborted' ? { name: 'AbortError' } : { code: 'host.timeout' },
    );
    expect(child).toBeGreaterThan(1);
    await until('the child is gone', async () => {
      const { stdout } = await host.run(['ps', '-o', 'stat=', '-p', `${child}`], { allowFailure: true });
      return !/^[^Z]/.test(stdout.trim());
    });
  });

  it('is not disturbed by what a start file prints', async () => {
    const { host: other } = await meet(specOf('sudo'));
    const home = await other.home();
    const before = await other.files.read(`${home}/.bashrc`).catch(() => null);
    const shell = (await other.run(['sh', '-c', 'getent passwd "$(id -un)"'])).stdout.trim();
    await other.files.write(`${home}/.bashrc`, 'echo noise; echo noise >&2\n');
    try {
      const { stdout, stderr } = await other.run(['echo', 'clean']);
      expect({ shell: shell.endsWith('bash'), stdout, stderr }).toEqual({
        shell: true,
        stdout: 'clean\n',
        stderr: '',
      });
    } finally {
      if (before === null) await other.files.remove(`${home}/.bashrc`);
      else await other.files.write(`${home}/.bashrc`, before, 0o644);
    }
  });

  it('acts as root only with sudo', async () => {
    const { host: admin } = await meet(specOf('sudo'));
    expect((await sudo(admin, ['id', '-u'])).stdout).toBe('0\n');
    expect((await sudo(admin, ['cat'], { password: 'not needed', stdin: 'in' })).stdout).toBe('in');
    await expect(sudo(host, ['id', '-u'])).rejects.toMatchObject({ code: 'host.sudo-password-needed' });
    const password = labEnv().hosts.user.password ?? '';
    await expect(sudo(host, ['id', '-u'], { password })).rejects.toMatchObject({
      code: 'host.no-permission',
    });
    await expect(sudo(host, ['id', '-u'], { password: 'wrong' })).rejects.toMatchObject({
      code: 'host.sudo-wrong-password',
    });
  });
});

describe('sockets behind SSH', () => {
  it.each(['user', 'inner'] as const)('are reached by path as %s', async (which) => {
    const { host: other } = await meet(specOf(which));
    const own = (await other.run(['mktemp', '-d'])).stdout.trim();
    const path = join(own, 'a socket.sock');
    const script =
      'import os,socket,sys\ns=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]);s.listen()\nc,_=s.accept()\nwhile True:\n d=c.recv(65536)\n if not d: break\n c.sendall(d)\nc.close()';
    await other.jobs.start({ dir: own, name: 'echo', words: ['python3', '-c', script, path] });
    await until('the socket is there', () => other.files.stat(path));
    const socket = await other.socket(path);
    socket.end('ping '.repeat(100_000));
    expect(await text(socket)).toBe('ping '.repeat(100_000));
    await expect(other.socket(join(own, 'none'))).rejects.toMatchObject({ code: 'host.socket-failed' });
    await other.jobs.stop(own, 'echo');
    await other.run(['rm', '-rf', '--', own]);
  });

  it('are reached by address as seen from the host', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expect(await text(await host.tcp('127.0.0.1', port))).toBe('hello');
    server.close();
    await expect(host.tcp('127.0.0.1', port)).rejects.toMatchObject({ code: 'host.socket-failed' });
  });
});
