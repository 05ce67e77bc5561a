import { describe, expect, it } from 'vitest';
import { defaultAgents } from '../../../electron/host/agents.ts';
import { visible } from '../../../electron/host/faults.ts';
import { gate } from '../../../electron/host/gate.ts';

describe('a gate', () => {
  it('lets so many work at once and everybody in the end, also past failures', async () => {
    const pass = gate(3);
    let busy = 0;
    let most = 0;
    const work = async (i: number) => {
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy--;
      if (i % 4 === 0) throw new Error('failed');
      return i;
    };
    const all = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => pass(() => work(i))));
    expect([most, all.filter((one) => one.status === 'fulfilled').length]).toEqual([3, 15]);
  });
});

describe('agents', () => {
  it('are the one named, and on Windows the two that are usual there', () => {
    expect(defaultAgents({ SSH_AUTH_SOCK: '/a' }, 'linux')).toEqual(['/a']);
    expect(defaultAgents({}, 'darwin')).toEqual([]);
    expect(defaultAgents({}, 'win32')).toEqual(['\\\\.\\pipe\\openssh-ssh-agent', 'pageant']);
  });
});

describe('a hostile name in an error', () => {
  it('stays on one line and shows what it holds', () => {
    expect(visible('a\nb\x1b[31m\u202Egpj\x7f')).toBe('a\\nb\\x1b[31m\\u{202e}gpj\\x7f');
  });
});
