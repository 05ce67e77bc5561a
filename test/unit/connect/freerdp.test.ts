import { expect, test } from 'vitest';
import { endError, freerdpLaunch, isNormalEnd, readLog } from '../../../electron/connect/freerdp.ts';
import { trustFolder } from '../../../electron/connect/trust.ts';
import { desktopOptions } from '../../../shared/plan-connect.ts';

const request = {
  client: { id: 'xfreerdp', title: 'FreeRDP', path: '/usr/bin/xfreerdp', version: '2.11.7' },
  address: '203.0.113.9',
  port: 3389,
  user: 'Administrator',
  password: 'S3cret \'$x" y',
  title: 'My Windows',
  server: 'a1',
  certificate: 'ab12',
};
const folders = { session: '/s', trust: '/t' };
const nothing = {
  ...{ open: false, loginTried: false, loginDone: false, certificateChanged: false, errors: '' },
  gateway: null,
};

test('FreeRDP 2 gets the password on standard input and nowhere else', () => {
  const launch = freerdpLaunch(request, 2, folders);
  expect(launch.stdin).toBe(`${request.password}\n`);
  expect(launch.words).toEqual([
    '/usr/bin/xfreerdp',
    '/v:203.0.113.9:3389',
    '/u:Administrator',
    '/d:',
    '/cert:deny,fingerprint:sha256:ab:12',
    '/title:My Windows',
    '/dynamic-resolution',
    '+clipboard',
    '/audio-mode:2',
    '/from-stdin',
  ]);
  expect(JSON.stringify([launch.words, launch.env])).not.toContain('S3cret');
});

test('behind a gateway nobody but FreeRDP sees the certificate, so it keeps the first one itself', () => {
  const { words } = freerdpLaunch({ ...request, certificate: null }, 2, folders);
  expect(words).toContain('/cert:tofu');
});

test('FreeRDP 3 gets every argument on standard input', () => {
  const launch = freerdpLaunch(request, 3, folders);
  expect(launch.words).toEqual(['/usr/bin/xfreerdp', '/args-from:stdin']);
  expect(launch.stdin.split('\n')).toContain(`/p:${request.password}`);
  expect(launch.stdin.split('\n')).toContain('/title:My Windows');
  expect(JSON.stringify(launch.env)).not.toContain('S3cret');
});

test('an account of a domain is said in two words, since FreeRDP leaves it together once it is told any domain', () => {
  const domain = { ...request, user: 'CORP\\jo' };
  expect(freerdpLaunch(domain, 2, folders).words).toEqual(expect.arrayContaining(['/u:jo', '/d:CORP']));
  expect(freerdpLaunch(domain, 3, folders).stdin.split('\n')).toEqual(
    expect.arrayContaining(['/u:jo', '/d:CORP']),
  );
  const whole = freerdpLaunch({ ...request, user: 'jo@corp.example' }, 2, folders).words;
  expect(whole).toEqual(expect.arrayContaining(['/u:jo@corp.example', '/d:']));
});

test('what is not said of the account at a gateway is that of the server', () => {
  const at = (user: string | undefined, gatewayPassword?: string) => {
    const options = desktopOptions.parse({
      gateway: { address: 'gw', ...(user === undefined ? {} : { user }) },
    });
    const more = gatewayPassword === undefined ? {} : { gatewayPassword };
    const { words, stdin } = freerdpLaunch({ ...request, certificate: null, options, ...more }, 2, folders);
    return [words.filter((word) => /^\/g/.test(word)), stdin];
  };
  const { password } = request;
  expect(at(undefined)).toEqual([['/g:gw'], `${password}\n`]);
  expect(at('D\\me')).toEqual([['/g:gw', '/gu:me', '/gd:D'], `${password}\n${password}\n`]);
  expect(at(undefined, 'there')).toEqual([['/g:gw', '/gu:Administrator', '/gd:'], `there\n${password}\n`]);
  expect(at('me', 'there')).toEqual([['/g:gw', '/gu:me', '/gd:'], `there\n${password}\n`]);
});

test('an IPv6 address gets its brackets', () => {
  expect(freerdpLaunch({ ...request, address: 'fd00::9' }, 2, folders).words).toContain('/v:[fd00::9]:3389');
});

test.each(['user', 'password', 'title'] as const)(
  'a line break in the %s cannot become an argument',
  (field) => {
    expect(() => freerdpLaunch({ ...request, [field]: 'a\n/cert:ignore' }, 3, folders)).toThrowError(
      expect.objectContaining({ code: 'connect.bad-text' }),
    );
  },
);

test('trust belongs to a server, not to an address that another server had before', () => {
  expect(trustFolder('/home', 'a1')).toBe('/home/rdp/a1');
  expect(trustFolder('/home', '../../etc')).not.toContain('..');
});

// Lines of FreeRDP 2.11.7 against freerdp-shadow-cli.
const NEGO =
  '[13:49:27:227] [1:2] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_INITIAL --> CONNECTION_STATE_NEGO\n';
const NLA = `${NEGO}[13:49:27:357] [1:2] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_NEGO --> CONNECTION_STATE_NLA
[13:49:27:459] [1:2] [DEBUG][com.freerdp.core.nla] - CredSSP protocol support 6, peer supports 6\n`;
const REFUSED = `${NLA}[13:49:28:560] [1:2] [ERROR][com.freerdp.core.transport] - BIO_read returned a system error 0: Success
[13:49:28:560] [1:2] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_NLA --> CONNECTION_STATE_INITIAL\n`;
const MCS = `${NLA}[13:49:28:560] [1:2] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_NLA --> CONNECTION_STATE_MCS_CONNECT\n`;
const ACTIVE = `${MCS}[13:49:24:680] [1:2] [DEBUG][com.freerdp.core.connection] - rdp_client_transition_to_state CONNECTION_STATE_FINALIZATION --> CONNECTION_STATE_ACTIVE\n`;

test('the log tells how far a connection came', () => {
  expect(readLog('')).toEqual(nothing);
  expect(readLog(NEGO)).toMatchObject({ open: false, loginTried: false });
  expect(readLog(REFUSED)).toMatchObject({ open: false, loginTried: true, loginDone: false });
  expect(readLog(REFUSED).errors).toBe(
    '[ERROR][com.freerdp.core.transport] - BIO_read returned a system error 0: Success',
  );
  expect(readLog(MCS)).toMatchObject({ open: false, loginTried: true, loginDone: true });
  expect(readLog(ACTIVE)).toMatchObject({ open: true });
});

test('status 147 is a wrong password after the login began, and a broken line before', () => {
  expect(endError(147, readLog(REFUSED), request, '/t').code).toBe('connect.wrong-password');
  expect(endError(147, readLog(NEGO), request, '/t').code).toBe('connect.failed');
  expect(endError(147, readLog(MCS), request, '/t').code).toBe('connect.failed');
  expect(endError(147, readLog(ACTIVE), request, '/t').code).toBe('connect.lost');
});

// Lines of FreeRDP 3.15.0.
const TRIED3 =
  '[DEBUG][com.freerdp.core.nla] - [nla_set_state]: -- NLA_STATE_NEGO_TOKEN\t--> NLA_STATE_PUB_KEY_AUTH\n';
const DONE3 =
  '[DEBUG][com.freerdp.core.nla] - [nla_set_state]: -- NLA_STATE_PUB_KEY_AUTH\t--> NLA_STATE_AUTH_INFO\n';
const FIRST3 =
  '[ERROR][com.freerdp.crypto] - [tls_print_new_certificate_warn]: Host key for gw has changed and you have requested strict checking.\n' +
  '[INFO][com.freerdp.crypto] - [tls_verify_certificate]: No certificate stored, automatically accepting.\n';
const ABORTED3 =
  '[ERROR][com.freerdp.crypto] - [freerdp_tls_handshake]: certificate not trusted, aborting.\n';

test('FreeRDP 3 tells a refused login and an accepted first certificate in other words', () => {
  expect(readLog(TRIED3)).toMatchObject({ loginTried: true, loginDone: false });
  expect(endError(147, readLog(TRIED3), request, '/t').code).toBe('connect.wrong-password');
  expect(readLog(TRIED3 + DONE3)).toMatchObject({ loginTried: true, loginDone: true });
  expect(readLog(FIRST3).certificateChanged).toBe(false);
  expect(readLog(FIRST3 + ABORTED3).certificateChanged).toBe(true);
});

test.each([
  [
    '[ERROR][com.freerdp.core] - [rdg_establish_data_connection]: ERRCONNECT_ACCESS_DENIED [0x00020016]',
    'password',
  ],
  [
    '[ERROR][com.freerdp.core] - rdg_establish_data_connection:freerdp_set_last_error_ex ERRCONNECT_ACCESS_DENIED',
    'password',
  ],
  ['Tunnel authorization error E_PROXY_NAP_ACCESSDENIED', 'account'],
  ['channel response errorCode=E_PROXY_RAP_ACCESSDENIED, fieldsPresent= [0000]', 'resource'],
  ['channel response errorCode=E_PROXY_TS_CONNECTFAILED, fieldsPresent= [0000]', 'server'],
  ['[ERROR][com.freerdp.core] - ERRCONNECT_ACCESS_DENIED of the server itself', null],
])('a gateway that says %j', (line, refusal) => {
  expect(readLog(line).gateway).toBe(refusal);
});

test('a changed certificate wins over the status it ends with', () => {
  const log =
    '[ERROR][com.freerdp.crypto] - Host key for 1.2.3.4 has changed and you have requested strict checking.\n';
  expect(endError(143, readLog(log), request, '/home/rdp/a1')).toMatchObject({
    code: 'connect.certificate-changed',
    whatToDo: expect.stringContaining('forget the old certificate (the folder /home/rdp/a1)'),
  });
});

test.each([
  [132, 'connect.wrong-password'],
  [154, 'connect.wrong-password'],
  [133, 'connect.security'],
  [135, 'connect.locked'],
  [149, 'connect.must-change'],
  [157, 'connect.not-allowed'],
  [151, 'connect.disabled'],
  [140, 'connect.unreachable'],
  [143, 'connect.tls'],
  [160, 'connect.booting'],
  [20, 'connect.licence'],
  [128, 'connect.client'],
  [255, 'connect.failed'],
  [null, 'connect.failed'],
])('status %s becomes %s', (code, expected) => {
  const error = endError(code, nothing, request, '/t');
  expect(error.code).toBe(expected);
  expect(JSON.stringify(error)).not.toContain('S3cret');
});

test('disconnect and logoff are normal ends', () => {
  expect([0, 1, 2, 11, 12].every(isNormalEnd)).toBe(true);
  expect([3, 131, 147, 255, null].some(isNormalEnd)).toBe(false);
});
