// A browser in front of nobody: what a page may do with the clipboard depends on whether its window is in front.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client } from '../../../../renderer/client.ts';
import { copyPassword } from '../../../../renderer/parts/copy.ts';

let held: string;
let inFront: boolean;
let page: EventTarget;
beforeEach(() => {
  vi.useFakeTimers();
  held = 'before';
  inFront = true;
  page = new EventTarget();
  const writeText = async (text: string) => {
    if (!inFront) throw new Error('Document is not focused.');
    held = text;
  };
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', { hasFocus: () => inFront });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const front = (copied: boolean) => {
  const call = vi.fn(async () => ({ copied }));
  return { call, client: { call } as unknown as Pick<Client, 'call'> };
};

test('a desktop with a clipboard does it by itself', async () => {
  const { call, client } = front(true);
  expect(await copyPassword(client, 'S3cret')).toBe(true);
  expect(call).toHaveBeenCalledWith('desktop.copyPassword', { password: 'S3cret' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(held).toBe('before');
});

test('a page empties the clipboard after half a minute, a later password after its own', async () => {
  const { client } = front(false);
  await copyPassword(client, 'first');
  await vi.advanceTimersByTimeAsync(20_000);
  await copyPassword(client, 'second');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(held).toBe('second');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held).toBe(' ');
});

test('a page behind another window empties it as soon as it is in front again, once', async () => {
  const { client } = front(false);
  await copyPassword(client, 'S3cret');
  inFront = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(held).toBe('S3cret');
  inFront = true;
  page.dispatchEvent(new Event('focus'));
  await vi.advanceTimersByTimeAsync(0);
  expect(held).toBe(' ');
  held = 'something else';
  page.dispatchEvent(new Event('focus'));
  await vi.advanceTimersByTimeAsync(0);
  expect(held).toBe('something else');
});
