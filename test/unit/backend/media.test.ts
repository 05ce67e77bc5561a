import { expect, test } from 'vitest';
import { mediaService } from '../../../electron/backend/media.ts';
import type { Host } from '../../../electron/host/types.ts';

test('a file is looked into once, and again when it has changed', async () => {
  let content = Buffer.from('%PDF-1.7');
  let reads = 0;
  const host = {
    key: 'local',
    label: 'This computer',
    files: {
      stat: async () => ({
        kind: 'file',
        bytes: content.length,
        mode: 0o600,
        modified: `at ${content.length}`,
      }),
      read: async (_: string, { offset, length }: { offset: number; length: number }) => {
        reads += 1;
        return content.subarray(offset, offset + length);
      },
    },
  } as unknown as Host;
  const service = mediaService({ open: async () => host });
  const ask = () => service['media.identify']({ host: { kind: 'local' }, source: { path: '/a.iso' } });
  expect(await ask()).toMatchObject({ kind: 'other', what: 'a PDF document' });
  const once = reads;
  await ask();
  expect(reads).toBe(once);
  content = Buffer.from('{"sign": "in"}');
  expect(await ask()).toMatchObject({ kind: 'other', what: 'a JSON document' });
});
