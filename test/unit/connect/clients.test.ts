import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  candidates,
  chooseClient,
  freerdpMajor,
  parseVersion,
  rdpClients,
} from '../../../electron/connect/clients.ts';

const program = (folder: string, name: string, prints: string, mode = 0o755): string => {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${prints}'\nexit 1\n`);
  chmodSync(file, mode);
  return file;
};

test('clients are found along PATH, the preferred one first, rdesktop never', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'casement-path-'));
  program(folder, 'rdesktop', 'rdesktop 1.9');
  program(folder, 'mstsc', 'not on Linux');
  const sdl = program(folder, 'sdl-freerdp', 'This is FreeRDP version 3.5.1 (n/a)');
  const x = program(folder, 'xfreerdp', 'This is FreeRDP version 2.11.7 (2.11.7)');
  program(folder, 'xfreerdp3', 'This is FreeRDP version 3.5.1', 0o644);
  const found = await rdpClients({
    platform: 'linux',
    env: { PATH: `/nowhere:${folder}` },
    home: '/home/me',
  });
  expect(found.map(({ id, path, version }) => [id, path, version])).toEqual([
    ['xfreerdp', x, '2.11.7'],
    ['sdl-freerdp', sdl, '3.5.1'],
  ]);
  expect(chooseClient(found, 'auto').id).toBe('xfreerdp');
  expect(chooseClient(found, 'sdl-freerdp').path).toBe(sdl);
  expect(() => chooseClient(found, 'wfreerdp')).toThrowError(
    expect.objectContaining({ code: 'connect.no-client' }),
  );
  expect(() => chooseClient([], 'auto')).toThrowError(
    expect.objectContaining({ whatToDo: expect.stringContaining('FreeRDP') }),
  );
});

test('Windows looks for .exe files and into System32', () => {
  const paths = candidates({
    platform: 'win32',
    env: { Path: 'C:\\tools', SystemRoot: 'C:\\Windows' },
    home: 'C:\\Users\\me',
  }).map(({ path }) => path);
  expect(paths).toContain('C:\\tools\\wfreerdp.exe');
  expect(paths).toContain('C:\\Windows\\System32\\mstsc.exe');
});

test('macOS looks for Windows App and into Homebrew', () => {
  const paths = candidates({ platform: 'darwin', env: { PATH: '' }, home: '/Users/me' }).map(
    ({ path }) => path,
  );
  expect(paths).toContain('/Applications/Windows App.app');
  expect(paths).toContain('/opt/homebrew/bin/sdl-freerdp');
});

test('the major version decides how the password travels', () => {
  expect(parseVersion('This is FreeRDP version 3.5.1 (3.5.1)')).toBe('3.5.1');
  expect(parseVersion('hello')).toBe('');
  expect(freerdpMajor({ path: '/usr/bin/xfreerdp', version: '3.5.1' })).toBe(3);
  expect(freerdpMajor({ path: '/usr/bin/xfreerdp', version: '2.11.7' })).toBe(2);
  expect(freerdpMajor({ path: '/usr/bin/xfreerdp3', version: '' })).toBe(3);
  expect(freerdpMajor({ path: '/usr/bin/xfreerdp', version: '' })).toBe(2);
});
