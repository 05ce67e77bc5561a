// The Electron front: one window, its security, its lifecycle. The page speaks only the contract's messages.
// May import 'electron', the backend, the session and shared.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, dialog, ipcMain, protocol, session, type WebFrameMain } from 'electron';
import { type Backend, createBackend, defaultHome } from './backend.ts';
import { electronDesktop } from './desktop/electron.ts';
import { APP_ORIGIN, pageFile, pageHeaders, trustedSender } from './security.ts';
import { type Session, startSession } from './session.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const page = join(here, '../renderer');

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

let window: BrowserWindow | undefined;
let backend: Backend | undefined;
let conversation: Session | undefined;

if (!app.requestSingleInstanceLock()) app.quit();
else {
  void app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      // Without a window nobody would see why, and the instance lock would keep every later start silent.
      dialog.showErrorBox('Casement cannot start', thrown instanceof Error ? thrown.message : String(thrown));
      app.exit(1);
    });
}

app.on('second-instance', () => {
  if (window?.isMinimized()) window.restore();
  window?.focus();
});
app.on('window-all-closed', () => app.quit());
app.on('will-quit', (event) => {
  if (!backend) return;
  // Builds go on detached on their hosts; only this program's connections are closed before it ends.
  event.preventDefault();
  const closing = backend;
  backend = undefined;
  conversation?.end();
  void closing.close().finally(() => app.quit());
});
app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (navigation) => navigation.preventDefault());
  contents.on('will-redirect', (navigation) => navigation.preventDefault());
  contents.on('will-attach-webview', (attaching) => attaching.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});

async function start(): Promise<void> {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) =>
    decide(permission === 'clipboard-sanitized-write' || permission === 'fullscreen'),
  );
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission) => permission === 'clipboard-sanitized-write' || permission === 'fullscreen',
  );
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const file = url.origin === APP_ORIGIN || url.host === 'casement' ? pageFile(url.pathname) : null;
    const bytes = file === null ? null : await readFile(join(page, file)).catch(() => null);
    if (file === null || bytes === null) return new Response('There is no such page.', { status: 404 });
    return new Response(new Uint8Array(bytes), { headers: pageHeaders(file) });
  });
  const home = defaultHome();
  backend = await createBackend({ front: 'electron', home, desktop: electronDesktop(home, () => window) });
  listen(backend);
  window = new BrowserWindow({
    width: 1280,
    height: 860,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Casement',
    webPreferences: {
      preload: join(here, '../preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.removeMenu();
  window.on('closed', () => {
    window = undefined;
  });
  window.once('ready-to-show', () => window?.show());
  window.webContents.on('render-process-gone', () => conversation?.end());
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

function listen(serving: Backend): void {
  const trusted = (frame: WebFrameMain | null): boolean =>
    trustedSender(frame && { url: frame.url, isMain: frame === window?.webContents.mainFrame });
  ipcMain.on('casement-hello', (event) => {
    if (!trusted(event.senderFrame)) return;
    conversation?.end();
    const { sender } = event;
    conversation = startSession(serving, {
      send: (message) => {
        if (!sender.isDestroyed()) sender.send('casement', message);
      },
    });
  });
  ipcMain.on('casement', (event, message: unknown) => {
    if (!trusted(event.senderFrame)) return;
    if (typeof message === 'string' || message instanceof Uint8Array) conversation?.receive(message);
  });
}
