import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hopsOf, type SshSpec } from '../../../electron/host/hops.ts';
import { readConfig } from '../../../electron/host/ssh-config.ts';

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'casement-hops-'));
  mkdirSync(join(home, '.ssh'));
});
afterAll(() => rmSync(home, { recursive: true }));

/** The way to a host under a configuration, as user@host:port. */
function way(config: string, spec: Partial<SshSpec> & { address: string }) {
  writeFileSync(join(home, '.ssh/config'), config);
  const station = { home, user: 'local', agents: ['/agent'], config: readConfig(home) };
  return hopsOf({ kind: 'ssh', ...spec }, station);
}
const short = (hops: ReturnType<typeof way>) => hops.map((hop) => `${hop.user}@${hop.host}:${hop.port}`);

describe('the way to a host', () => {
  it('is direct, with the local user, port 22, the usual keys and the agent, when nothing is said', () => {
    expect(way('', { address: 'host' })).toMatchObject([
      {
        user: 'local',
        host: 'host',
        port: 22,
        known: 'host',
        agents: ['/agent'],
        files: ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => ({
          path: join(home, '.ssh', name),
          required: false,
        })),
      },
    ]);
  });

  it('follows the configuration: first value wins, patterns and quotes, %h and ~', () => {
    const config = [
      'Host kvm*  !kvm9',
      '  HostName %h.example.com',
      '  port = 2200',
      '  IdentityFile "~/keys/my %h"',
      '  IdentityFile %d/second',
      '  IdentitiesOnly yes',
      'Host *',
      '  User admin',
      '  Port 23',
    ].join('\n');
    expect(way(config, { address: 'kvm1' })).toMatchObject([
      {
        user: 'admin',
        host: 'kvm1.example.com',
        port: 2200,
        known: '[kvm1.example.com]:2200',
        agents: [],
        files: [
          { path: join(home, 'keys/my kvm1.example.com'), required: false },
          { path: join(home, 'second'), required: false },
        ],
      },
    ]);
    expect(short(way(config, { address: 'me@kvm9:24' }))).toEqual(['me@kvm9:24']);
  });

  it('never runs a program the configuration names', () => {
    const marker = join(home, 'was-run');
    way(`Match exec "touch ${marker}"\n  User x\n`, { address: 'host' });
    expect(() => way('', { address: 'host' })).not.toThrow();
    expect(short(way(`Match exec "touch ${marker}"\n  User x\n`, { address: 'host' }))).toEqual([
      'local@host:22',
    ]);
  });

  it('goes on in the same section behind an Include', () => {
    writeFileSync(join(home, '.ssh/more'), 'Host other\n  Port 1000\n');
    expect(short(way('Include more\nUser admin\n', { address: 'host' }))).toEqual(['admin@host:22']);
    expect(short(way('Include more\nUser admin\n', { address: 'other' }))).toEqual(['admin@other:1000']);
  });

  it('passes typed jump hosts in order, or those of the configuration, also in a chain', () => {
    const config =
      'Host inner\n ProxyJump middle\nHost middle\n ProxyJump me@outer:2222\n User m\nHost none\n ProxyJump none';
    expect(short(way(config, { address: 'inner' }))).toEqual([
      'me@outer:2222',
      'm@middle:22',
      'local@inner:22',
    ]);
    expect(short(way(config, { address: 'inner', jump: ['a', 'b'] }))).toEqual([
      'local@a:22',
      'local@b:22',
      'local@inner:22',
    ]);
    expect(short(way(config, { address: 'none', jump: [] }))).toEqual(['local@none:22']);
  });

  it('keeps the password of the host from the jump hosts, and requires a typed key of the host only', () => {
    const [jump, host] = way('', { address: 'h', jump: ['j'], password: 'env:PW', identity: '~/key' });
    expect([jump?.password, host?.password]).toEqual([undefined, 'env:PW']);
    expect(jump?.files).toEqual([{ path: join(home, 'key'), required: false }]);
    expect(host?.files).toEqual([{ path: join(home, 'key'), required: true }]);
  });

  it('refuses a circle and a ProxyCommand', () => {
    const circle = 'Host a\n ProxyJump b\nHost b\n ProxyJump a\n';
    expect(() => way(circle, { address: 'a' })).toThrow(expect.objectContaining({ code: 'host.jump-loop' }));
    const command = 'Host a\n ProxyCommand nc %h %p\n';
    expect(() => way(command, { address: 'a' })).toThrow(
      expect.objectContaining({ code: 'host.proxy-command' }),
    );
    expect(short(way('Host a\n ProxyCommand none\n', { address: 'a' }))).toEqual(['local@a:22']);
  });
});
