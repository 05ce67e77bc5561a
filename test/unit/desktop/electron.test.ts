// The Electron binary cannot run here: its module is replaced, our own rules around it are what is tested.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const electron = vi.hoisted(() => ({
  exposed: new Map<string, Record<string, (argument: unknown) => void>>(),
  sent: [] as unknown[][],
  opened: [] as string[],
  encryption: true,
  backend: 'gnome_libsecret',
  copied: 'before',
}));

vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, api: Record<string, (argument: unknown) => void>) =>
      electron.exposed.set(name, api),
  },
  ipcRenderer: { send: (...words: unknown[]) => electron.sent.push(words), on: () => {} },
  clipboard: {
    readText: async () => electron.copied,
    writeText: async (text: string) => {
      electron.copied = text;
    },
    clear: () => {
      electron.copied = '';
    },
  },
  dialog: { showOpenDialog: async () => ({ canceled: false, filePaths: ['/media/win.iso'] }) },
  shell: { openExternal: async (url: string) => void electron.opened.push(url) },
  safeStorage: {
    isEncryptionAvailable: () => electron.encryption,
    getSelectedStorageBackend: () => electron.backend,
    encryptString: (text: string) => Buffer.from(text.split('').toReversed().join('')),
    decryptString: (sealed: Buffer) => sealed.toString().split('').toReversed().join(''),
  },
}));

const { electronDesktop } = await import('../../../electron/desktop/electron.ts');

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'casement-desktop-'));
  electron.encryption = true;
  electron.backend = 'gnome_libsecret';
  electron.opened.length = 0;
});
afterEach(() => rm(home, { recursive: true }));

describe('the keyring', () => {
  it('keeps a secret encrypted in a file of this user only', async () => {
    const { keyring } = electronDesktop(home, () => undefined);
    await keyring?.put('demo', 'S3cret-Value');
    expect(await keyring?.get('demo')).toBe('S3cret-Value');
    expect(await keyring?.get('other')).toBeNull();
    const file = join(home, 'keyring.json');
    expect(await readFile(file, 'utf8')).not.toContain('S3cret-Value');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps all of several secrets put at once, and starts anew from a torn file', async () => {
    await writeFile(join(home, 'keyring.json'), '{"torn');
    const { keyring } = electronDesktop(home, () => undefined);
    expect(await keyring?.get('a')).toBeNull();
    await Promise.all(['a', 'b', 'c'].map((name) => keyring?.put(name, `${name}-secret`)));
    expect(await Promise.all(['a', 'b', 'c'].map((name) => keyring?.get(name)))).toEqual([
      'a-secret',
      'b-secret',
      'c-secret',
    ]);
  });

  it('is absent where secrets would lie in plain text', () => {
    electron.encryption = false;
    expect(electronDesktop(home, () => undefined).keyring).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('is absent on Linux without a real keyring', () => {
    electron.backend = 'basic_text';
    expect(electronDesktop(home, () => undefined).keyring).toBeUndefined();
  });
});

describe('the desktop', () => {
  it('has a clipboard that takes, gives back and forgets', async () => {
    const { clipboard } = electronDesktop(home, () => undefined);
    await clipboard?.write('S3cret');
    expect(electron.copied).toBe('S3cret');
    expect(await clipboard?.read()).toBe('S3cret');
    await clipboard?.clear();
    expect(electron.copied).toBe('');
  });

  it('opens known pages in the browser and refuses every other address', async () => {
    const desktop = electronDesktop(home, () => undefined);
    await desktop.openExternal('https://docs.openstack.org/glance/');
    await expect(desktop.openExternal('https://evil.example/')).rejects.toMatchObject({
      code: 'desktop.address-refused',
    });
    expect(electron.opened).toEqual(['https://docs.openstack.org/glance/']);
  });

  it('gives the file that was picked', async () => {
    const desktop = electronDesktop(home, () => undefined);
    expect(await desktop.pickFile?.('Windows ISO', ['iso'])).toBe('/media/win.iso');
  });
});

describe('the preload script', () => {
  it('gives the page two functions and no way to another channel', async () => {
    await import('../../../electron/preload.ts');
    const bridge = electron.exposed.get('casementBridge');
    expect([...electron.exposed.keys()]).toEqual(['casementBridge']);
    expect(Object.keys(bridge ?? {})).toEqual(['post', 'onMessage']);
    bridge?.post?.('hello');
    bridge?.onMessage?.(() => {});
    expect(electron.sent).toEqual([['casement', 'hello'], ['casement-hello']]);
  });
});
