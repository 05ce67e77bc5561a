// Which private key file belongs to which key pair: remembered as a path, never as a key.
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFile } from './clouds.ts';

export interface PrivateKeys {
  /** The file for a key pair of a cloud; null when none is known. */
  of(authUrl: string, keypair: string): Promise<string | null>;
  remember(authUrl: string, keypair: string, file: string): Promise<void>;
}

/** The private key files remembered in the state folder. */
export function createPrivateKeys(home: string): PrivateKeys {
  const path = join(home, 'private-keys.json');
  const load = async (): Promise<Record<string, unknown>> => {
    const text = await readFile(path, 'utf8').catch(() => '{}');
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? { ...value } : {};
    } catch {
      return {};
    }
  };
  const nameOf = (authUrl: string, keypair: string) => `${authUrl} ${keypair}`;
  return {
    async of(authUrl, keypair) {
      const known = (await load())[nameOf(authUrl, keypair)];
      if (typeof known === 'string') return known;
      // One that was made here lies where it was written to.
      const made = keyFile(home, keypair);
      return await access(made).then(
        () => made,
        () => null,
      );
    },
    async remember(authUrl, keypair, file) {
      const all = await load();
      if (all[nameOf(authUrl, keypair)] === file) return;
      const text = JSON.stringify({ ...all, [nameOf(authUrl, keypair)]: file }, null, 2);
      await writeFile(path, text, { mode: 0o600 });
    },
  };
}
