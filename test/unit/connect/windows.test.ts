import { expect, test } from 'vitest';
import { firstHop } from '../../../electron/connect/gateway.ts';
import { forgetLaunch, mstscLaunch } from '../../../electron/connect/mstsc.ts';
import { reasonError, reasonOf } from '../../../electron/connect/mstsc-reasons.ts';
import { rdpFile } from '../../../electron/connect/rdp-file.ts';
import { connectionWords, windowsAppWords } from '../../../electron/connect/windows-app.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';

const request = {
  client: { id: 'mstsc', title: 'mstsc', path: 'C:\\Windows\\System32\\mstsc.exe', version: '' },
  address: '203.0.113.9',
  port: 3390,
  user: 'Administrator',
  password: 'S3cret "ü" $(x)',
  title: 't',
  server: 'a1',
  certificate: 'ab12',
};
const script = (words: readonly string[]): string =>
  Buffer.from(words.at(-1) ?? '', 'base64').toString('utf16le');

test('a .rdp file names server and user and never a password', () => {
  const text = rdpFile(request);
  expect(text).toContain('full address:s:203.0.113.9:3390\r\n');
  expect(text).toContain('username:s:Administrator\r\n');
  expect(text).not.toMatch(/password|S3cret/);
  expect(rdpFile({ ...request, address: 'fd00::9' })).toContain('full address:s:[fd00::9]:3390');
});

test('a user name cannot smuggle a setting into the .rdp file', () => {
  const text = rdpFile({ ...request, user: 'x\r\ndrivestoredirect:s:*' });
  expect(text.split('\r\n')).not.toContain('drivestoredirect:s:*');
});

test('mstsc’s password goes through standard input into the credential store', () => {
  const { words, stdin } = mstscLaunch(request, 'C:\\f\\desktop.rdp');
  expect(words.slice(0, 4)).toEqual(['powershell.exe', '-NoProfile', '-NonInteractive', '-EncodedCommand']);
  expect(words.join(' ') + script(words)).not.toContain('S3cret');
  expect(JSON.parse(stdin)).toEqual({
    target: 'TERMSRV/203.0.113.9',
    user: 'Administrator',
    password: request.password,
    file: 'C:\\f\\desktop.rdp',
    port: 3390,
    client: 'C:\\Windows\\System32\\mstsc.exe',
  });
});

test('behind a gateway its own connection is the one that shows whether it is open', () => {
  const behind = (address: string) => {
    const options = desktopOptions.parse({ gateway: { address } });
    return { ...request, certificate: null, options };
  };
  expect(JSON.parse(mstscLaunch(behind('rdgw.example.com'), 'f').stdin)).toMatchObject({
    port: 443,
    target: 'TERMSRV/203.0.113.9',
  });
  expect(firstHop(behind('rdgw.example.com:8443'))).toEqual({ address: 'rdgw.example.com', port: 8443 });
  expect(firstHop(behind('[fd00::1]:8443'))).toEqual({ address: 'fd00::1', port: 8443 });
  expect(firstHop(request)).toEqual({ address: '203.0.113.9', port: 3390 });
});

test('nothing of the request stands in the script, whatever it is', () => {
  const one = mstscLaunch(request, 'a').words;
  const two = mstscLaunch({ ...request, address: "'; rm x", user: '$(y)', password: 'z' }, 'b').words;
  expect(two).toEqual(one);
});

test('the credential is removed when the session ends, also by the script itself', () => {
  expect(script(mstscLaunch(request, 'f').words)).toMatch(/finally \{[^}]*CredDelete/);
  const { words, stdin } = forgetLaunch('203.0.113.9');
  expect(script(words)).toContain('CredDelete');
  expect(JSON.parse(stdin)).toEqual({ target: 'TERMSRV/203.0.113.9' });
});

test('the command line of the script stays below the 32767 characters of Windows', () => {
  expect(mstscLaunch(request, 'f').words.join(' ').length).toBeLessThan(32767);
});

test('Windows App opens the file and its connection is looked for', () => {
  expect(windowsAppWords('/Applications/Windows App.app', '/f/desktop.rdp')).toEqual([
    'open',
    '-n',
    '-W',
    '-a',
    '/Applications/Windows App.app',
    '/f/desktop.rdp',
  ]);
  expect(connectionWords('fd00::9', 3389)).toContain('-iTCP@[fd00::9]:3389');
});

test.each([
  [2055, 'connect.wrong-password'],
  [3335, 'connect.locked'],
  [4615, 'connect.must-change'],
  [2825, 'connect.security'],
  [516, 'connect.unreachable'],
])('reason %i of Remote Desktop Connection becomes %s', (reason, code) => {
  expect(reasonOf(`casement-reason ${reason}\r\n`)).toBe(reason);
  expect(reasonError(reason, 'Administrator')?.code).toBe(code);
});

test('a reason that says nothing more leaves the word to the port', () => {
  expect(reasonOf('casement-open\n')).toBeNull();
  expect(reasonError(1, 'Administrator')).toBeNull();
});
