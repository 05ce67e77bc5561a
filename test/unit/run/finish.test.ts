import { describe, expect, it } from 'vitest';
import type { Host } from '../../../electron/host/types.ts';
import { finishStage, percentOf } from '../../../electron/run/stages/finish.ts';
import type { Facts, StageContext } from '../../../electron/run/types.ts';
import { planSchema } from '../../../shared/plan.ts';
import { examplePlan } from './example.ts';

const GIB = 2 ** 30;
const HASH = 'ab'.repeat(64);

/** A host whose qemu-img gives an image of this size inside. */
function world(inside: number, format?: 'raw', convert = 0) {
  const started: string[][] = [];
  const moved: string[] = [];
  const written = new Map<string, string>();
  const host = {
    files: {
      stat: async () => ({ kind: 'file', bytes: 7, modified: 'then' }),
      rename: async (from: string, to: string) => void moved.push(`${from} ${to}`),
      write: async (path: string, text: string) => void written.set(path, text),
    },
    jobs: {
      start: async ({ words }: { words: string[] }) => void started.push(words),
      wait: async (_: string, name: string) => ({
        state: 'ended',
        code: name === 'convert' ? convert : 0,
        log: name === 'convert' ? 'No space left on device' : `${HASH}  image`,
        positions: {},
      }),
    },
    run: async (words: readonly string[]) => ({
      code: 0,
      stderr: '',
      stdout: JSON.stringify({
        format: 'qcow2',
        'virtual-size': words.at(-1)?.endsWith('.part') ? inside : 40 * GIB,
        'actual-size': 1000,
      }),
    }),
  } as unknown as Host;
  const facts: Record<string, unknown> = { dir: '/d', disk: '/d/disk.qcow2' };
  const plan = planSchema.parse({ ...examplePlan, image: { name: 'Win', ...(format ? { format } : {}) } });
  const context = {
    run: '20260102-030405-0a1b',
    plan,
    facts: facts as Facts,
    ports: { host: async () => host },
    progress() {},
    note: async (more: Facts) => void Object.assign(facts, more),
  } as unknown as StageContext;
  const run = () => finishStage.run(context, new AbortController().signal);
  return { run, started, moved, written, facts };
}

describe('the image file', () => {
  it('is compressed, takes its place only when it is whole, and has its passport beside it', async () => {
    const { run, started, moved, written, facts } = world(40 * GIB);
    expect((await run()).facts).toMatchObject({ imageFile: '/d/image.qcow2' });
    expect(started[0]).toEqual([
      ...['qemu-img', 'convert', '-p', '-O', 'qcow2', '-c'],
      ...['--', '/d/disk.qcow2', '/d/image.qcow2.part'],
    ]);
    expect(moved).toEqual(['/d/image.qcow2.part /d/image.qcow2']);
    expect(facts.sha512).toBe(HASH);
    expect(JSON.parse(written.get('/d/passport.json') ?? '')).toMatchObject({
      disk: { sha512: HASH },
      image: null,
    });
  });

  it('is raw where the plan says so', async () => {
    const { run, started } = world(40 * GIB, 'raw');
    expect((await run()).facts.imageFile).toBe('/d/image.raw');
    expect(started[0]).not.toContain('-c');
  });

  it('is not used when it became another size inside, or was not written to its end', async () => {
    const larger = world(41 * GIB);
    await expect(larger.run()).rejects.toMatchObject({ code: 'finish.size-changed' });
    expect(larger.moved).toEqual([]);
    const full = world(40 * GIB, undefined, 1);
    await expect(full.run()).rejects.toMatchObject({
      code: 'finish.failed',
      detail: 'No space left on device',
    });
  });

  it('tells how far qemu-img is', () => {
    expect(percentOf('')).toBe(0);
    expect(percentOf('    (0.00/100%)\r    (45.67/100%)\r')).toBe(45);
    expect(percentOf('    (100.00/100%)\r\n')).toBe(100);
  });
});
