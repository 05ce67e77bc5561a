// Puts a text on the clipboard, also where a front forbids the clipboard interface; a password for a while only.
import { PASSWORD_STAYS } from '../../shared/passwords.ts';
import type { Client } from '../client.ts';

/** Copies a text. Resolves with whether that worked. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

let emptying: AbortController | null = null;

/** Copies a password for `PASSWORD_STAYS` seconds. Resolves with whether that worked. */
export async function copyPassword(client: Pick<Client, 'call'>, password: string): Promise<boolean> {
  if ((await client.call('desktop.copyPassword', { password })).copied) return true;
  if (!(await copyText(password))) return false;
  // Outside this component: it may be gone from the page by then.
  emptying?.abort();
  emptying = new AbortController();
  const { signal } = emptying;
  const timer = setTimeout(() => void empty(signal), PASSWORD_STAYS * 1000);
  signal.addEventListener('abort', () => clearTimeout(timer));
  return true;
}

/** A browser lets a page write to the clipboard only while it is in front: else when it is there again. */
async function empty(signal: AbortSignal): Promise<void> {
  if (document.hasFocus() && (await copyText(' '))) return;
  window.addEventListener('focus', () => void copyText(' '), { once: true, signal });
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}
