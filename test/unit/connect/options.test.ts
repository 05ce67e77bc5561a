import { expect, test } from 'vitest';
import { freerdpOptions } from '../../../electron/connect/freerdp-options.ts';
import { rdpFile } from '../../../electron/connect/rdp-file.ts';
import { type DesktopOptions, desktopOptions } from '../../../shared/plan-connect.ts';

/** What is asked for; what FreeRDP is told beyond the defaults; the lines of a .rdp file. */
const TABLE: [Partial<DesktopOptions>, string[], string[]][] = [
  [{}, ['/dynamic-resolution', '+clipboard', '/audio-mode:2'], ['redirectclipboard:i:1', 'audiomode:i:2']],
  [{ size: '1600x900' }, ['/size:1600x900'], ['desktopwidth:i:1600', 'desktopheight:i:900']],
  [{ fullScreen: true }, ['/f'], ['screen mode id:i:2', 'use multimon:i:0']],
  [{ allMonitors: true }, ['/multimon', '/f'], ['screen mode id:i:2', 'use multimon:i:1']],
  [{ clipboard: false }, ['-clipboard'], ['redirectclipboard:i:0']],
  [{ drive: 'C:\\tools' }, ['/drive:Casement,C:\\tools'], ['drivestoredirect:s:C:\\;']],
  [{ sound: 'here' }, ['/sound'], ['audiomode:i:0']],
  [{ sound: 'server' }, ['/audio-mode:1'], ['audiomode:i:1']],
  [
    { gateway: { address: 'gw.example:8443' } },
    ['/g:gw.example:8443'],
    ['gatewayhostname:s:gw.example:8443', 'gatewayusagemethod:i:1', 'promptcredentialonce:i:1'],
  ],
  [
    { gateway: { address: 'gw', user: 'D\\me' } },
    ['/g:gw', '/gu:me', '/gd:D'],
    ['gatewayhostname:s:gw', 'promptcredentialonce:i:0'],
  ],
];

test.each(TABLE)('%j is said in the words of FreeRDP and of a .rdp file', (options, words, lines) => {
  const whole = desktopOptions.parse(options);
  expect(freerdpOptions(whole, 2, '')).toEqual(expect.arrayContaining(words));
  const file = rdpFile({ address: '192.0.2.7', port: 3389, user: 'Administrator', options: whole });
  expect(file.split('\r\n')).toEqual(expect.arrayContaining(lines));
});

test('FreeRDP 3 gets the gateway with its password in one argument, which travels by standard input', () => {
  const gateway = { address: 'gw', user: 'me' };
  expect(freerdpOptions(desktopOptions.parse({ gateway }), 3, 's3cret')).toContain(
    '/gateway:g:gw,u:me,p:s3cret',
  );
  const domain = { address: 'gw', user: 'D\\me' };
  expect(freerdpOptions(desktopOptions.parse({ gateway: domain }), 3, 's3cret')).toContain(
    '/gateway:g:gw,u:me,d:D,p:s3cret',
  );
});

test.each([
  [{ drive: '/a,b' }, 2, ''],
  [{ gateway: { address: 'gw', user: 'me' } }, 3, 'a,b'],
])('what FreeRDP would read as something else is refused: %j', (options, major, password) => {
  expect(() => freerdpOptions(desktopOptions.parse(options), major, password)).toThrowError(
    expect.objectContaining({ code: 'connect.bad-text' }),
  );
});
