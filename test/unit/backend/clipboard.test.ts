import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPasswordClipboard } from '../../../electron/backend/clipboard.ts';
import { noDesktop } from '../../../electron/desktop/none.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function desktop() {
  const held = { text: 'before' };
  const clipboard = {
    read: async () => held.text,
    write: async (text: string) => {
      held.text = text;
    },
    clear: async () => {
      held.text = '';
    },
  };
  return { held, passwords: createPasswordClipboard({ ...noDesktop, clipboard }) };
}

test('a copied password is taken away after half a minute', async () => {
  const { held, passwords } = desktop();
  expect(await passwords.copy('S3cret')).toBe(true);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(held.text).toBe('S3cret');
  await vi.advanceTimersByTimeAsync(1000);
  expect(held.text).toBe('');
});

test('what was copied since stays', async () => {
  const { held, passwords } = desktop();
  await passwords.copy('S3cret');
  held.text = 'a shopping list';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(held.text).toBe('a shopping list');
});

test('a second password has half a minute of its own', async () => {
  const { held, passwords } = desktop();
  await passwords.copy('first');
  await vi.advanceTimersByTimeAsync(20_000);
  await passwords.copy('second');
  await vi.advanceTimersByTimeAsync(20_000);
  expect(held.text).toBe('second');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held.text).toBe('');
});

test('quitting takes it away at once, and only what was put there', async () => {
  const { held, passwords } = desktop();
  await passwords.clear();
  expect(held.text).toBe('before');
  await passwords.copy('S3cret');
  await passwords.clear();
  expect(held.text).toBe('');
});

test('a front without a clipboard says so', async () => {
  expect(await createPasswordClipboard(noDesktop).copy('S3cret')).toBe(false);
});
