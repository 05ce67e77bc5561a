import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseOpenrc } from '../../../electron/cloud/openrc.ts';
import { resolveCloud } from '../../../electron/cloud/sources.ts';

// As Horizon hands it out (OpenStack RC File), shortened in its comments only.
const HORIZON = `#!/usr/bin/env bash
# To use an OpenStack cloud you need to authenticate against the Identity service.
export OS_AUTH_URL=https://cloud.example.org:5000/v3
export OS_PROJECT_ID=0123456789abcdef0123456789abcdef
export OS_PROJECT_NAME="Büro Süd"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID=""
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
# unset v2.0 items in case set
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="admin's \\"twin\\""
# With Keystone you pass the keystone password.
echo "Please enter your OpenStack Password for project $OS_PROJECT_NAME as user $OS_USERNAME: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="RegionOne"
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
`;

test('Horizon’s file is understood and says that it asks for the password', () => {
  const { settings, asksPassword } = parseOpenrc(HORIZON, 'openrc.sh');
  expect(asksPassword).toBe(true);
  expect(settings).toEqual({
    auth_url: 'https://cloud.example.org:5000/v3',
    project_id: '0123456789abcdef0123456789abcdef',
    project_name: 'Büro Süd',
    user_domain_name: 'Default',
    username: 'admin\'s "twin"',
    region_name: 'RegionOne',
    interface: 'public',
    identity_api_version: '3',
  });
});

test.each([
  ["export OS_PASSWORD='it''s $HOME `id` \"x\"'", 'its $HOME `id` "x"'],
  ['export OS_PASSWORD="a\\$b\\"c\\\\d # e"', 'a$b"c\\d # e'],
  ['OS_PASSWORD=plain # a comment', 'plain'],
  ['export OS_PASSWORD=a\\ b;export OS_REGION_NAME=x', 'a b'],
  ['export OS_USERNAME=u OS_PASSWORD=two', 'two'],
  ['export OS_PASSWORD="p=q"', 'p=q'],
])('a shell would read %s as %s', (line, value) => {
  const { settings, asksPassword } = parseOpenrc(`export OS_AUTH_URL=http://k\n${line}\n`, 'openrc');
  expect(settings.password).toBe(value);
  expect(asksPassword).toBe(false);
});

test('a variable set earlier in the file is filled in', () => {
  const text = 'HOST=k.example.org\nexport OS_AUTH_URL="http://$HOST:5000/v3"\n';
  expect(parseOpenrc(text, 'openrc').settings.auth_url).toBe('http://k.example.org:5000/v3');
});

test('nothing in the file is executed', () => {
  const witness = join(mkdtempSync(join(tmpdir(), 'casement-')), 'witness');
  const text = `export OS_AUTH_URL=http://k\nexport OS_PASSWORD=$(touch ${witness})\nexport OS_USERNAME=\`touch ${witness}\`\n`;
  const { settings, asksPassword } = parseOpenrc(text, 'openrc');
  expect(settings.password).toBeUndefined();
  expect(settings.username).toBeUndefined();
  expect(asksPassword).toBe(true);
});

test('the PowerShell form is understood', () => {
  const text = `$env:OS_AUTH_URL = "https://cloud.example.org/identity"\r\n$Env:OS_USERNAME = 'o''neil'
$env:OS_PROJECT_NAME="demo"\r\n$env:OS_PASSWORD = Read-Host "Password"\r\n`;
  const { settings, asksPassword } = parseOpenrc(text, 'openrc.ps1');
  expect(settings).toEqual({
    auth_url: 'https://cloud.example.org/identity',
    username: "o'neil",
    project_name: 'demo',
  });
  expect(asksPassword).toBe(true);
});

// As clouds hand it out for Windows: the password is asked for and never stands in clear in the file.
const PROMPTING = `$env:OS_AUTH_URL = "https://cloud.example.org:5000/v3"
$project = "Büro"
$env:OS_PROJECT_NAME="$project Süd"; $env:OS_REGION_NAME='R;1'
Set-Item -Path Env:OS_USER_DOMAIN_NAME -Value "Corp"
[Environment]::SetEnvironmentVariable("OS_INTERFACE", "internal", "Process")
\${env:OS_USERNAME} = "eve\`$1"
$password = Read-Host 'Please enter your OpenStack Password' -AsSecureString
$env:OS_PASSWORD = [Runtime.InteropServices.Marshal]::PtrToStringAuto([Runtime.InteropServices.Marshal]::SecureStringToBSTR($password))
Remove-Item Env:\\OS_TENANT_NAME
`;

test('the prompting PowerShell form is understood', () => {
  const { settings, asksPassword } = parseOpenrc(PROMPTING, 'openrc.ps1');
  expect(settings).toEqual({
    auth_url: 'https://cloud.example.org:5000/v3',
    project_name: 'Büro Süd',
    region_name: 'R;1',
    user_domain_name: 'Corp',
    interface: 'internal',
    username: 'eve$1',
  });
  expect(asksPassword).toBe(true);
});

test('a file that Windows saved as UTF-16 is read', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'casement-')), 'openrc.ps1');
  writeFileSync(file, `\uFEFF${PROMPTING}`, 'utf16le');
  const secrets = { get: async () => 's3cret', put: async () => ({ ref: '', kept: 'memory' as const }) };
  const { project } = await resolveCloud({ kind: 'openrc', file }, secrets);
  expect(project).toMatchObject({ name: 'Büro Süd' });
});

test('the cmd form is understood', () => {
  const text = '@echo off\r\nset OS_AUTH_URL=http://k\r\nset "OS_USERNAME=a b"\r\nSET OS_PASSWORD=x=y&z\r\n';
  expect(parseOpenrc(text, 'openrc.bat')).toEqual({
    settings: { auth_url: 'http://k', username: 'a b', password: 'x=y&z' },
    asksPassword: false,
  });
});

test('another file is refused with what to choose instead', () => {
  expect(() => parseOpenrc('hello=world', '/tmp/x')).toThrowError(
    expect.objectContaining({ code: 'cloud.bad-openrc' }),
  );
});

test('the password that the file asks for comes from the plan’s secret', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'casement-')), 'openrc.sh');
  writeFileSync(file, HORIZON);
  const asked: string[] = [];
  const secrets = {
    get: async (ref: string) => {
      asked.push(ref);
      return 's3cret';
    },
    put: async () => ({ ref: '', kept: 'memory' as const }),
  };
  const credentials = await resolveCloud({ kind: 'openrc', file, password: 'env:PW' }, secrets);
  expect(asked).toEqual(['env:PW']);
  expect(credentials.proof).toEqual({
    kind: 'password',
    user: { name: 'admin\'s "twin"', domain: { name: 'Default' } },
    password: 's3cret',
    passcode: false,
  });
  expect(credentials.project).toEqual({ id: '0123456789abcdef0123456789abcdef' });
});
