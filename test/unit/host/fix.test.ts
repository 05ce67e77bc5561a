import { describe, expect, it } from 'vitest';
import { fixFinding, remedyOf } from '../../../electron/host/fix.ts';
import { localHost } from '../../../electron/host/local.ts';
import type { Host } from '../../../electron/host/types.ts';
import type { Finding, ProbeReport } from '../../../shared/views.ts';

const finding = (id: string, fix: string | null): Finding => ({
  id,
  title: id,
  status: 'failed',
  value: 'not found',
  meaning: 'It is missing.',
  fix,
  required: true,
});

const report = (fix: Finding, change: Partial<ProbeReport> = {}) =>
  ({ user: 'ada', root: true, sudo: false, findings: [fix], ...change }) as ProbeReport;

/** This computer, where commands are noted instead of run, except those that only ask who we are. */
function noting(): { host: Host; ran: string[][] } {
  const ran: string[][] = [];
  const local = localHost();
  const host: Host = {
    ...local,
    run: (words, options) => {
      if (words[0] === 'id') return local.run(words, options);
      ran.push([...words]);
      return local.run(['sh', '-c', 'echo working'], options);
    },
  };
  return { host, ran };
}

describe('fixing a finding', () => {
  it('runs exactly what was shown, and shows what it says', async () => {
    const { host, ran } = noting();
    let output = '';
    const shown = finding('curl', 'apt-get update; apt-get install -y --no-install-recommends curl');
    const result = await fixFinding(host, report(shown), 'curl', {
      onOutput: (text) => {
        output += text;
      },
    });
    expect(result.exitCode).toBe(0);
    const told = ran.map((words) => words.slice(words.indexOf('apt-get')).join(' '));
    expect(told.filter((line) => line.startsWith('apt-get'))).toEqual([
      'apt-get update',
      'apt-get install -y --no-install-recommends curl',
    ]);
    expect(output).toContain('$ apt-get update\nworking\n$ apt-get install');
  });

  it('runs nothing that Casement would not have shown itself', async () => {
    const { host, ran } = noting();
    const forged = finding('curl', 'rm -rf /');
    await expect(fixFinding(host, report(forged), 'curl', { onOutput: () => {} })).rejects.toMatchObject({
      code: 'host.no-fix',
    });
    await expect(
      fixFinding(host, report(finding('cores', null)), 'cores', { onOutput: () => {} }),
    ).rejects.toMatchObject({ code: 'host.no-fix' });
    expect(ran).toEqual([]);
  });

  it('keeps an account name one word', () => {
    const shown = finding('kvm', "sudo usermod -aG kvm 'a; reboot'");
    expect(remedyOf(report(shown, { user: 'a; reboot', root: false }), 'kvm')).toEqual([
      ['usermod', '-aG', 'kvm', 'a; reboot'],
    ]);
  });
});
