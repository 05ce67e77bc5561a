// npm start: installs what is missing, builds, starts Electron where its binary can be had; otherwise says why in
// one line and opens the served front in Chromium, Edge or Chrome if there is a display, or prints the address.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, ensurePage, ownEnv, ownNode, root, run, tool } from './bootstrap.mjs';

const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

ensureDependencies();
if (!(await ensurePage())) process.exit(1);
const why = electronObstacle();
if (why === null) process.exit(await startElectron());
console.log(`Electron is not used, because ${why}. The same wizard opens in a browser instead.`);
process.exit(await startServed(why));

/** Why Electron cannot start here, as the rest of a sentence; null when its binary is ready. */
function electronObstacle() {
  if (process.argv.includes('--served')) return 'it was started with --served';
  if (!display) return 'this session has no display for Electron';
  if (asRoot) return 'the sandbox of Electron does not work for root';
  const folder = join(root, 'node_modules', 'electron');
  if (existsSync(join(folder, 'path.txt'))) return null;
  console.error('Downloading the Electron binary …');
  const fetched = spawnSync(ownNode(), [join(folder, 'install.js')], {
    env: ownEnv(),
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (fetched.status === 0) return null;
  const reason = /(?:ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|Response code \d+)[^\n]*/.exec(
    fetched.stderr ?? '',
  )?.[0];
  return `the Electron binary cannot be downloaded (${reason ?? 'the download failed'})`;
}

async function startElectron() {
  const built = await run(ownNode(), [
    tool('electron-vite', 'bin/electron-vite.js'),
    'build',
    '--config',
    'build/electron.vite.config.ts',
    '--logLevel',
    'warn',
  ]);
  if (built !== 0) return built;
  const folder = join(root, 'node_modules', 'electron');
  return run(join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8')), ['.']);
}

async function startServed(reason) {
  const words = [join(root, 'electron', 'served.ts'), '--reason', reason];
  const server = spawn(ownNode(), words, { cwd: root, env: ownEnv(), stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('close', (code) => resolve(code ?? 0)));
  const stop = () => server.kill('SIGTERM');
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const address = await firstAddress(server);
  if (address === null) return ended;
  const browser = display ? findBrowser() : null;
  if (browser === null) {
    console.log(
      `${display ? 'No Chromium, Edge or Chrome was found' : 'There is no display'}: open this address in a browser on this computer:\n\n  ${address}\n\nCtrl-C ends Casement; builds that run on their hosts go on.`,
    );
    return ended;
  }
  const home = process.env.CASEMENT_HOME ?? join(homedir(), '.casement');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  // The address holds the start's token: it reaches the browser through a file only this user may read, not as a word.
  const door = join(home, 'open.html');
  writeFileSync(
    door,
    `<!doctype html><title>Casement</title><meta http-equiv="refresh" content="0; url=${address}">`,
    { mode: 0o600 },
  );
  const window = spawn(browser, browserWords(home, pathToFileURL(door).href), { stdio: 'ignore' });
  window.once('close', stop);
  window.once('error', () =>
    console.log(`${browser} did not start. Open this address yourself:\n\n  ${address}`),
  );
  return ended;
}

function browserWords(home, page) {
  const words = [
    `--app=${page}`,
    `--user-data-dir=${join(home, 'browser')}`,
    '--window-size=1280,860',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  // Chromium refuses to run as root with its sandbox; the window shows nothing but Casement's own page.
  return asRoot ? [...words, '--no-sandbox'] : words;
}

function firstAddress(server) {
  return new Promise((resolve) => {
    const lines = createInterface({ input: server.stdout });
    lines.on('line', (line) => resolve(JSON.parse(line).address));
    server.once('close', () => resolve(null));
  });
}

function findBrowser() {
  const names =
    process.platform === 'win32'
      ? ['PROGRAMFILES(X86)', 'PROGRAMFILES', 'LOCALAPPDATA'].flatMap((key) =>
          ['Microsoft\\Edge\\Application\\msedge.exe', 'Google\\Chrome\\Application\\chrome.exe'].map(
            (file) => join(process.env[key] ?? 'C:\\', file),
          ),
        )
      : process.platform === 'darwin'
        ? ['Google Chrome', 'Microsoft Edge', 'Chromium'].map(
            (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
          )
        : [
            'chromium',
            'chromium-browser',
            'google-chrome-stable',
            'google-chrome',
            'microsoft-edge',
            'microsoft-edge-stable',
          ].flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
  return names.find((path) => existsSync(path)) ?? null;
}
