import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localHost } from '../../../electron/host/local.ts';
import { until } from '../../until.ts';

const host = localHost();
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-local-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a command on this computer', () => {
  it('gets its words unchanged and gives output and status', async () => {
    expect(await host.run(['printf', '%s|', 'a b', "c'd", '$e'])).toEqual({
      code: 0,
      stdout: "a b|c'd|$e|",
      stderr: '',
    });
  });

  it('reads its standard input', async () => {
    expect((await host.run(['cat'], { stdin: 'from the app' })).stdout).toBe('from the app');
  });

  it('fails with what it said, unless failure is allowed', async () => {
    const words = ['sh', '-c', 'echo broken >&2; exit 3'];
    await expect(host.run(words)).rejects.toMatchObject({
      code: 'host.command-failed',
      whatHappened: expect.stringContaining('broken'),
    });
    expect((await host.run(words, { allowFailure: true })).code).toBe(3);
  });

  it('gives 127 for a program that is not there and 128 + n for a signal', async () => {
    expect((await host.run(['no-such-program'], { allowFailure: true })).code).toBe(127);
    expect((await host.run(['sh', '-c', 'kill -TERM $$'], { allowFailure: true })).code).toBe(143);
  });

  it('ends with its children when it is aborted', async () => {
    const abort = new AbortController();
    const pid = new Promise<number>((resolve) => {
      host
        .run(['sh', '-c', 'sleep 300 & echo $!; wait'], {
          signal: abort.signal,
          onStdout: (chunk) => resolve(Number(chunk.toString())),
        })
        .catch(() => {});
    });
    const child = await pid;
    abort.abort();
    await until('the child is gone', () => !alive(child));
  });

  it('fails with a sentence where no file can be opened any more', () => {
    const script = `import { openSync } from 'node:fs';
      import { runLocal } from '${join(import.meta.dirname, '../../../electron/host/local-run.ts')}';
      try { for (;;) openSync('/dev/null'); } catch {}
      runLocal(['true'], { stdin: 'x' }).catch((error) => console.log(error.code, error.detail));`;
    const said = execFileSync(
      'sh',
      ['-c', 'ulimit -n 60; exec "$@"', '-', process.execPath, '--input-type=module', '--eval', script],
      { encoding: 'utf8' },
    );
    expect(said).toMatch(/^host\.command-failed true[\s\S]*EMFILE/);
  });

  it('says so when it takes too long', async () => {
    await expect(host.run(['sleep', '300'], { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'host.timeout',
    });
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('files of this computer', () => {
  it('are written whole, read in ranges, and listed with any name', async () => {
    const folder = join(dir, 'names');
    await host.files.mkdir(folder);
    for (const name of ['a b', "it's", 'two\nlines', 'ümlaut', '-rf'])
      await host.files.write(join(folder, name), name);
    await host.run([
      'sh',
      '-c',
      'cd "$1"; ln -s nowhere broken; ln -s . self; printf x >"$(printf \'\\377\')"',
      '-',
      folder,
    ]);
    const entries = await host.files.list(folder);
    expect(Object.fromEntries(entries.map((e) => [e.name, `${e.kind}${e.link ? ' link' : ''}`]))).toEqual({
      'a b': 'file',
      "it's": 'file',
      'two\nlines': 'file',
      ümlaut: 'file',
      '-rf': 'file',
      broken: 'other link',
      self: 'directory link',
      '\uFFFD': 'file',
    });
    expect((await host.files.read(join(folder, "it's"), { offset: 1, length: 2 })).toString()).toBe("t'");
    expect((await host.files.read(join(folder, "it's"), { offset: 3, length: 99 })).toString()).toBe('s');
    expect(await host.files.stat(join(folder, 'ümlaut'))).toMatchObject({
      kind: 'file',
      bytes: 7,
      mode: 0o600,
    });
    expect(await host.files.stat(join(folder, 'none'))).toBeNull();
  });

  it('leave the old content in place when a write cannot finish', async () => {
    const file = join(dir, 'kept');
    await host.files.write(file, 'old');
    await expect(host.files.write(join(file, 'below'), 'new')).rejects.toMatchObject({
      code: 'host.no-such-file',
    });
    expect((await host.files.read(file)).toString()).toBe('old');
  });

  it('stream, and go on at an offset', async () => {
    const file = join(dir, 'stream');
    await pipeline(['hello '], await host.files.writeStream(file));
    await pipeline(['world'], await host.files.writeStream(file, 6));
    expect(await text(await host.files.readStream(file))).toBe('hello world');
    await expect(host.files.readStream(dir)).rejects.toMatchObject({ code: 'host.file-exists' });
    await host.files.append(file, '!');
    expect((await host.files.read(file)).toString()).toBe('hello world!');
    await host.files.remove(file);
    await host.files.remove(file);
    expect(await host.files.stat(file)).toBeNull();
  });
});

describe('sockets of this computer', () => {
  it('are reached by path and by address', async () => {
    const path = join(dir, 'echo.sock');
    const server = createServer((socket) => socket.pipe(socket)).listen(path);
    const socket = await host.socket(path);
    socket.end('ping');
    expect(await text(socket)).toBe('ping');
    server.close();
    await expect(host.socket(join(dir, 'none.sock'))).rejects.toMatchObject({ code: 'host.socket-failed' });
  });
});
