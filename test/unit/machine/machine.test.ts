// Against the real QEMU of this computer, under TCG, with a guest of 51 bytes that echoes keys.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localHost } from '../../../electron/host/local.ts';
import { createDisk, diskInfo } from '../../../electron/machine/disk.ts';
import { buildMachine } from '../../../electron/machine/machine.ts';
import { Qmp } from '../../../electron/machine/qmp.ts';
import type { Machine, MachineSpec } from '../../../electron/machine/types.ts';
import { until } from '../../until.ts';
import { probe, tinyGuest } from './spec.ts';

const host = localHost();
let dir: string;
let spec: MachineSpec;
let vm: Machine;
const forever = new AbortController().signal;

beforeEach(() => {
  ({ dir, spec } = tinyGuest());
  vm = buildMachine(host, dir, 'install');
});
afterEach(async () => {
  await vm.stop();
  rmSync(dir, { recursive: true });
});

/** Most that a tiny guest under TCG takes for anything, in ms. */
const MOST = 15_000;

/** What the guest's text screen shows, read from its memory. */
async function screenText(): Promise<string> {
  const file = join(dir, 'vga');
  const qmp = await Qmp.connect(await host.socket(join(dir, 'qmp-control.sock')));
  await qmp.execute('pmemsave', { val: 0xb8000, size: 4000, filename: file });
  qmp.close();
  const cells = readFileSync(file);
  return Array.from({ length: 2000 }, (_, cell) => String.fromCharCode(cells[cell * 2] ?? 0))
    .join('')
    .replaceAll('\0', ' ')
    .trim();
}
/** The guest has cleared the screen and waits for keys. */
const shows = (text: string) =>
  until(`“${text}” on the screen`, async () => (await screenText()) === text, MOST);
const booted = () => shows('>');
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a build VM', () => {
  it('has a TPM beside it that ends with it, and says so where the host has none', async () => {
    const machine = { ...spec.plan.machine, tpm: true };
    const withTpm = { ...spec, plan: { ...spec.plan, machine } };
    await expect(vm.start(withTpm)).rejects.toEqual(code('machine.no-tpm'));
    await vm.start({ ...withTpm, probe: { ...probe, swtpm: 'swtpm' } });
    await booted();
    expect((await host.jobs.status(dir, 'swtpm-install')).state).toBe('running');
    const qmp = await Qmp.connect(await host.socket(join(dir, 'qmp-control.sock')));
    expect(await qmp.execute('query-tpm')).toMatchObject([{ model: 'tpm-crb' }]);
    qmp.close();
    await vm.stop();
    const tpm = () => host.jobs.status(dir, 'swtpm-install');
    await until('the TPM has ended', async () => (await tpm()).state === 'ended', MOST);
    // What the TPM remembers stays for the next phase.
    expect(readdirSync(join(dir, 'tpm')).length).toBeGreaterThan(0);
  });

  it('runs, is switched off by its guest and leaves a marker of that', async () => {
    expect(await vm.status()).toEqual({ state: 'absent' });
    await vm.start(spec);
    expect(await vm.status()).toMatchObject({ state: 'running' });
    await booted();
    const ended = vm.waitForEnd(forever);
    await vm.keys(['esc']);
    expect(await ended).toMatchObject({ by: 'guest', resets: 0 });
    expect(existsSync(join(dir, 'ended-install'))).toBe(true);
    expect(await vm.status()).toMatchObject({ state: 'ended', code: 0 });
    expect((await diskInfo(host, spec.disk)).inUse).toBe(false);
  });

  it('counts the resets of its guest and tells them as they come', async () => {
    await vm.start(spec);
    await booted();
    const names: string[] = [];
    const ended = vm.waitForEnd(forever, ({ name }) => names.push(name));
    // Watching begins a moment after it was asked for; the text tells the screen before a reset from the one after.
    for (let before = -1; before < 2; before = names.filter((name) => name === 'RESET').length) {
      await vm.type('x', 'us');
      await shows('>x');
      await vm.keys(['ret']);
      await booted();
    }
    await vm.keys(['esc']);
    const { by, resets } = await ended;
    expect(by).toBe('guest');
    expect(resets).toBe(names.filter((name) => name === 'RESET').length);
  });

  it('shows an end that came while nobody watched to the next one who asks', async () => {
    await vm.start(spec);
    await booted();
    await vm.keys(['esc']);
    await until('the guest is down', async () => (await vm.status()).state === 'shutdown', MOST);
    const later = buildMachine(localHost(), dir, 'install');
    expect(await later.waitForEnd(forever)).toMatchObject({ by: 'guest' });
    expect(await later.waitForEnd(forever)).toMatchObject({ by: 'guest' });
  });

  it('lets two watch at once and both see the end', async () => {
    await vm.start(spec);
    await booted();
    const both = Promise.all(
      [vm, buildMachine(host, dir, 'install')].map((each) => each.waitForEnd(forever)),
    );
    await vm.keys(['esc']);
    expect((await both).map(({ by }) => by)).toEqual(['guest', 'guest']);
  });

  it('types a text exactly, with capitals and punctuation', async () => {
    await vm.start(spec);
    await booted();
    const text = 'drvload E:\\viostor\\2k22\\amd64 "(Shadow)" {a_b} ~!@#$%^&*+|';
    await vm.type(text, 'us');
    expect(await screenText()).toBe(`>${text}`);
  });

  it('types nothing when one character has no key', async () => {
    await vm.start(spec);
    await booted();
    await expect(vm.type('abc文', 'us')).rejects.toThrow(code('keyboard.unsupported'));
    expect(await screenText()).toBe('>');
  });

  it('refuses keys that do not exist', async () => {
    await vm.start(spec);
    await expect(vm.keys(['ctrl', 'nonsense'])).rejects.toThrow(code('machine.unknown-key'));
    await expect(vm.keys(['a","b'])).rejects.toThrow(code('machine.unknown-key'));
  });

  it('gives a PNG of the screen and leaves no file behind', async () => {
    await vm.start(spec);
    await booted();
    const png = await vm.screenshot();
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([720, 400]);
    expect(readdirSync(dir).filter((name) => name.startsWith('screen-'))).toEqual([]);
  });

  it('changes and ejects CDs, also one that was empty from the start', async () => {
    await vm.start(spec);
    const iso = join(dir, "new, 'disc' é.iso");
    writeFileSync(iso, Buffer.alloc(4096));
    const files = async () => (await vm.drives()).map(({ file }) => file);
    expect(await files()).toEqual([join(dir, 'disk.raw'), null]);
    await vm.insert('virtio', iso);
    expect(await files()).toEqual([join(dir, 'disk.raw'), iso]);
    await vm.insert('windows', iso);
    await vm.eject('virtio');
    expect(await vm.drives()).toEqual([
      { id: 'windows', title: 'Windows', file: iso },
      { id: 'virtio', title: 'virtio-win', file: null },
    ]);
    await expect(vm.insert('windows', '/nowhere.iso')).rejects.toThrow(code('machine.no-such-medium'));
    await expect(vm.eject('floppy')).rejects.toThrow(code('machine.bad-drive'));
    expect((await files())[0]).toBe(iso);
  });

  it('speaks VNC on its socket, to two at once', async () => {
    await vm.start(spec);
    for (const screen of await Promise.all([vm.screen(), vm.screen()])) {
      const [greeting] = (await new Promise<Buffer[]>((resolve) => {
        screen.once('data', (chunk: Buffer) => resolve([chunk]));
      })) as [Buffer];
      expect(greeting.toString()).toBe('RFB 003.008\n');
      screen.destroy();
    }
  });

  it('is not started twice', async () => {
    await vm.start(spec);
    const before = await vm.status();
    await vm.start(spec);
    expect(await vm.status()).toEqual(before);
  });

  it('tells a stop from outside from an end by the guest', async () => {
    await vm.start(spec);
    const ended = vm.waitForEnd(forever);
    await vm.stop();
    expect(await ended).toMatchObject({ by: 'host' });
    expect(existsSync(join(dir, 'ended-install'))).toBe(false);
    await vm.stop();
  });

  it('calls it a crash when QEMU is killed', async () => {
    await vm.start(spec);
    const status = await vm.status();
    if (!('pid' in status)) throw new Error('not running');
    const ended = vm.waitForEnd(forever);
    const children = readFileSync(`/proc/${status.pid}/task/${status.pid}/children`, 'utf8')
      .trim()
      .split(' ');
    process.kill(Number(children[0] || status.pid), 'SIGKILL');
    expect(await ended).toMatchObject({ by: 'crash' });
  });

  it('stops waiting when it is told to, and the VM goes on', async () => {
    await vm.start(spec);
    const stop = new AbortController();
    const ended = vm.waitForEnd(stop.signal);
    await vm.status();
    stop.abort();
    await expect(ended).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(await vm.status()).toMatchObject({ state: 'running' });
  });

  it("says in QEMU's words why it did not start, and that a disk is in use", async () => {
    await expect(vm.start({ ...spec, disk: '/nowhere.qcow2' })).rejects.toMatchObject({
      code: 'machine.start-failed',
      whatHappened: expect.stringContaining('/nowhere.qcow2'),
    });
    await vm.start(spec);
    expect((await diskInfo(host, spec.disk)).inUse).toBe(true);
    const other = join(dir, 'other');
    mkdirSync(other);
    await expect(buildMachine(host, other, 'install').start({ ...spec, dir: other })).rejects.toThrow(
      code('machine.disk-in-use'),
    );
  });

  it('answers "not running" to every command when it is not', async () => {
    await expect(vm.keys(['a'])).rejects.toThrow(code('machine.not-running'));
    await expect(vm.drives()).rejects.toThrow(code('machine.not-running'));
    await expect(vm.waitForEnd(forever)).rejects.toThrow(code('machine.not-running'));
  });
});

describe('a disk', () => {
  it('is made sparse, and never over another', async () => {
    const path = join(dir, "new, 'é'.qcow2");
    const info = await createDisk(host, probe, path, 3);
    expect(info).toMatchObject({ format: 'qcow2', virtualSize: 3 * 2 ** 30, inUse: false });
    expect(info.actualSize).toBeLessThan(2 ** 20);
    await expect(createDisk(host, probe, path, 3)).rejects.toThrow(code('machine.disk-exists'));
  });

  it('is not made where an installed Windows has no room', async () => {
    const full = { ...host, run: async () => ({ code: 0, stdout: 'x\nfs 9 9 1000 9% /\n', stderr: '' }) };
    await expect(createDisk(full, probe, join(dir, 'n.qcow2'), 40)).rejects.toThrow(code('machine.no-space'));
  });

  it('is told from what is none', async () => {
    await expect(diskInfo(host, join(dir, 'nothing'))).rejects.toThrow(code('machine.bad-disk'));
  });
});
