// Real hives, made by hivex from the stand-in's .reg files; hivex also says what is in them. Then the same hives spoilt.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hive, type RegistryData } from '../../../electron/guest/hive.ts';
import { Damaged } from '../../../electron/guest/ntfs-record.ts';

const dir = mkdtempSync(join(tmpdir(), 'casement-hive-'));
const REG = 'test/lab/standin/registry';
const MANY = 1500;
const LONG = 'x'.repeat(30_000);
const bytes: Record<string, Buffer> = {};
const over = (hive: Buffer) => Hive.open(async (offset, length) => hive.subarray(offset, offset + length));
const hive = (name: string) => over(bytes[name] ?? Buffer.alloc(0));

beforeAll(() => {
  execFileSync('bash', [`${REG}/make-hives.sh`, dir]);
  const many = Array.from(
    { length: MANY },
    (_, n) => `[HKEY_LOCAL_MACHINE\\MANY\\Key ${n}]\n"n"=dword:${n.toString(16).padStart(8, '0')}\n`,
  );
  const kinds = `[HKEY_LOCAL_MACHINE\\MANY\\Kinds]\n"long"="${LONG}"\n"qword"=hex(b):2a,00,00,00,00,00,00,00\n"multi"=hex(7):61,00,00,00,62,00,63,00,00,00,00,00\n"binary"=hex:01,02,03\n"expand"=hex(2):25,00,61,00,25,00,00,00\n"unended"=hex(1):61,00,62,00\n"empty"=hex(1):\n@="default"\n`;
  writeFileSync(
    join(dir, 'many.reg'),
    `Windows Registry Editor Version 5.00\n\n${many.join('\n')}\n${kinds}`,
  );
  execFileSync('perl', [`${REG}/empty-hive.pl`, join(dir, 'MANY')]);
  execFileSync('hivexregedit', [
    '--merge',
    '--prefix',
    'HKEY_LOCAL_MACHINE\\MANY',
    join(dir, 'MANY'),
    join(dir, 'many.reg'),
  ]);
  for (const name of ['SYSTEM', 'SOFTWARE', 'MANY']) bytes[name] = readFileSync(join(dir, name));
}, 60_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** Every key and value as hivex exports them: texts, numbers and bytes in the shape of our reader. */
function exported(name: string): Map<string, Map<string, RegistryData>> {
  const text = execFileSync('hivexregedit', ['--export', join(dir, name), '\\'], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const keys = new Map<string, Map<string, RegistryData>>();
  let values = new Map<string, RegistryData>();
  for (const line of text.split(/\r?\n/)) {
    const key = /^\[\\?(.*)\]$/.exec(line)?.[1];
    if (key !== undefined) {
      values = new Map();
      keys.set(key, values);
      continue;
    }
    const [, quoted, data = ''] = /^(?:@|"((?:[^"\\]|\\.)*)")=(.*)$/.exec(line) ?? [];
    if (line.includes('=')) values.set((quoted ?? '').replaceAll(/\\(.)/g, '$1'), parsed(data));
  }
  return keys;
}

function parsed(data: string): RegistryData {
  if (data.startsWith('dword:')) return Number.parseInt(data.slice(6), 16);
  const [, type = '3', hex = ''] = /^hex(?:\(([0-9a-f]+)\))?:(.*)$/.exec(data) ?? [];
  const raw = Buffer.from(hex.replaceAll(',', ''), 'hex');
  switch (type) {
    case '1':
    case '2':
      return raw.toString('utf16le').split('\0')[0] ?? '';
    case '7':
      return raw.toString('utf16le').split('\0').filter(Boolean);
    case 'b':
      return Number(raw.readBigUInt64LE(0));
    default:
      return raw;
  }
}

describe('a registry hive', () => {
  it.each(['SYSTEM', 'SOFTWARE', 'MANY'])('%s reads as hivex reads it, key by key', async (name) => {
    const reader = await hive(name);
    const keys = exported(name);
    expect(keys.size).toBeGreaterThan(5);
    for (const [path, values] of keys)
      expect(
        Object.fromEntries((await reader.values(path))?.map((each) => [each.name, each.data]) ?? []),
        path,
      ).toEqual(Object.fromEntries(values));
  });

  it('finds keys and values whatever their case, and nothing that is not there', async () => {
    const reader = await hive('SOFTWARE');
    expect(await reader.value('MICROSOFT\\windows nt\\CurrentVersion', 'currentbuild')).toBe('20348');
    expect(await reader.value('Microsoft\\Windows NT\\CurrentVersion', 'Nothing')).toBeNull();
    expect(await reader.value('Microsoft\\Nowhere\\Else', 'CurrentBuild')).toBeNull();
    expect(await reader.values('Nowhere')).toBeNull();
    expect(await reader.subkeys('Nowhere')).toBeNull();
    expect(await reader.subkeys('Microsoft')).toEqual(expect.arrayContaining(['Windows', 'Windows NT']));
  });

  it('lists many subkeys, and looks one of them up without reading them all', async () => {
    expect(await (await hive('MANY')).subkeys('')).toHaveLength(MANY + 1);
    let reads = 0;
    const source = bytes.MANY ?? Buffer.alloc(0);
    const counting = await Hive.open(async (offset, length) => {
      reads += 1;
      return source.subarray(offset, offset + length);
    });
    expect(await counting.value('Key 777', 'n')).toBe(777);
    expect(reads).toBeLessThan(40);
  });

  it('knows whether Windows had written everything into it', async () => {
    expect((await hive('SYSTEM')).clean).toBe(true);
    const open = Buffer.from(bytes.SYSTEM ?? []);
    open.writeUInt32LE(99, 4);
    expect((await over(open)).clean).toBe(false);
  });

  it('joins a large value that Windows keeps in pieces', async () => {
    const hurt = Buffer.concat([bytes.MANY ?? Buffer.alloc(0), Buffer.alloc(65_536)]);
    const end = (bytes.MANY?.length ?? 0) - 4096;
    const text = Buffer.from(LONG, 'utf16le');
    const cell = (at: number, content: Buffer) => {
      hurt.writeInt32LE(-(content.length + 4), 4096 + at);
      content.copy(hurt, 4096 + at + 4);
      return at;
    };
    const pieces = [0, 1, 2, 3].map((n) =>
      cell(end + 64 + n * 16_400, text.subarray(n * 16_344, (n + 1) * 16_344)),
    );
    const list = Buffer.alloc(16);
    for (const [n, at] of pieces.entries()) list.writeUInt32LE(at, n * 4);
    const head = Buffer.alloc(12);
    head.write('db', 'latin1');
    head.writeUInt16LE(4, 2);
    head.writeUInt32LE(cell(end + 32, list), 4);
    const db = cell(end, head);
    // The value "long" now points to them.
    const name = hurt.indexOf('long', 4096, 'latin1');
    hurt.writeUInt32LE(text.length, name - 16);
    hurt.writeUInt32LE(db, name - 12);
    expect(await (await over(hurt)).value('Kinds', 'long')).toBe(LONG);
  });
});

/** All that an inspection does with a hive; ends with answers or with Damaged, in bounded time. */
async function lookAround(hostile: Buffer): Promise<void> {
  try {
    const reader = await over(hostile);
    await reader.value('Select', 'Current');
    await reader.value('ControlSet001\\Services\\TermService', 'Start');
    await reader.values('ControlSet001\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules');
    await reader.subkeys('ControlSet001\\Services');
  } catch (error) {
    expect(error).toBeInstanceOf(Damaged);
  }
}

describe('a hostile hive', { timeout: 60_000 }, () => {
  it('cut off anywhere is an answer or a Damaged', async () => {
    const whole = bytes.SYSTEM ?? Buffer.alloc(0);
    for (let length = 0; length < whole.length; length += 61) await lookAround(whole.subarray(0, length));
  });

  it('changed anywhere is an answer or a Damaged, and always ends', async () => {
    const whole = bytes.SYSTEM ?? Buffer.alloc(0);
    const began = performance.now();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 60 }),
        async (changes) => {
          const hurt = Buffer.from(whole);
          for (const [at, byte] of changes) hurt[at] = byte;
          await lookAround(hurt);
        },
      ),
      { numRuns: 2000 },
    );
    expect(performance.now() - began).toBeLessThan(50_000);
  });

  it('whose lists lead into themselves ends soon', async () => {
    const hurt = Buffer.from(bytes.SYSTEM ?? []);
    // A list of lists in which every entry is the list itself, and the root's subkeys are that list.
    const root = 4096 + hurt.readUInt32LE(36) + 4;
    const list = hurt.readUInt32LE(root + 28);
    hurt.writeInt32LE(-2048, 4096 + list);
    hurt.write('ri', 4096 + list + 4, 'latin1');
    hurt.writeUInt16LE(500, 4096 + list + 6);
    for (let n = 0; n < 500; n += 1) hurt.writeUInt32LE(list, 4096 + list + 8 + n * 4);
    await expect((await over(hurt)).subkeys('')).rejects.toBeInstanceOf(Damaged);
  });

  it('that repeats one list for ever spends a bounded effort', async () => {
    // 60,000 times the same list of 60,000 entries that all are one key.
    const size = 512 * 1024;
    const hurt = Buffer.concat([(bytes.SYSTEM ?? Buffer.alloc(0)).subarray(0, 8192), Buffer.alloc(2 * size)]);
    const root = 4096 + hurt.readUInt32LE(36) + 4;
    const lists = 4096;
    const keys = lists + size;
    hurt.writeUInt32LE(lists, root + 28);
    for (const [at, kind, width, entry] of [
      [lists, 'ri', 4, keys],
      [keys, 'li', 4, hurt.readUInt32LE(36)],
    ] as const) {
      hurt.writeInt32LE(-size, 4096 + at);
      hurt.write(kind, 4096 + at + 4, 'latin1');
      hurt.writeUInt16LE(60_000, 4096 + at + 6);
      for (let n = 0; n < 60_000; n += 1) hurt.writeUInt32LE(entry, 4096 + at + 8 + n * width);
    }
    const began = performance.now();
    await expect((await over(hurt)).subkeys('')).rejects.toBeInstanceOf(Damaged);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('that is none at all is a Damaged', async () => {
    await expect(over(Buffer.alloc(0))).rejects.toBeInstanceOf(Damaged);
    await expect(over(Buffer.alloc(8192, 'no hive '))).rejects.toBeInstanceOf(Damaged);
  });
});
