// The desktop port inside Electron: native dialogs, the desktop's keyring and clipboard, the default browser.
// May import 'electron'; imports nothing of the backend.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BrowserWindow, clipboard, dialog, safeStorage, shell } from 'electron';
import { CasementError } from '../../shared/errors.ts';
import { externalAllowed } from '../security.ts';
import type { Desktop } from './port.ts';

/** The desktop of this Electron process. `home` is Casement's own folder; encrypted secrets lie in it, 0600. */
export function electronDesktop(home: string, window: () => BrowserWindow | undefined): Desktop {
  const keyring = secureStorage() ? safeStorageKeyring(join(home, 'keyring.json')) : undefined;
  return {
    pickFile: async (title, extensions) => {
      const options = {
        title,
        properties: ['openFile' as const],
        filters: extensions.length === 0 ? [] : [{ name: title, extensions: [...extensions] }],
      };
      const parent = window();
      const picked = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return picked.canceled ? null : (picked.filePaths[0] ?? null);
    },
    clipboard: {
      read: () => clipboard.readText(),
      write: (text) => clipboard.writeText(text),
      clear: async () => clipboard.clear(),
    },
    openExternal: async (url) => {
      if (!externalAllowed(url)) {
        throw new CasementError({
          code: 'desktop.address-refused',
          title: 'This address is not opened',
          whatHappened: `Casement opens only a few known pages in the browser; ${url.slice(0, 200)} is not one of them.`,
          whatToDo: 'Copy the address and open it yourself if you trust it.',
        });
      }
      await shell.openExternal(url);
    },
    // The address was made from what the admin chose as their cloud, never by a page.
    openSignIn: (url) => shell.openExternal(url),
    ...(keyring === undefined ? {} : { keyring }),
  };
}

/** Whether secrets would really be encrypted: on Linux without a keyring Electron falls back to plain text, which is refused. */
function secureStorage(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

function safeStorageKeyring(file: string): NonNullable<Desktop['keyring']> {
  let writing: Promise<void> = Promise.resolve();
  const load = async (): Promise<Record<string, string>> => {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    } catch {
      // Nothing kept yet, or torn: what cannot be read is asked for again.
      return {};
    }
  };
  const save = async (name: string, value: string): Promise<void> => {
    const all = { ...(await load()), [name]: safeStorage.encryptString(value).toString('base64') };
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(all), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };
  return {
    get: async (name) => {
      const sealed = (await load())[name];
      try {
        return sealed === undefined ? null : safeStorage.decryptString(Buffer.from(sealed, 'base64'));
      } catch {
        // Sealed by another user or before the keyring was made anew.
        return null;
      }
    },
    put: (name, value) => {
      // One after the other: two at once would lose one of them.
      writing = writing.catch(() => undefined).then(() => save(name, value));
      return writing;
    },
  };
}
