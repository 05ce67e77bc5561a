// Starts what a journey needs beside the laboratory: an X display for the RDP client, and the served front as its
// own process, so that it can also be killed. Everything is ended by pid.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, type Locator, type Page } from '@playwright/test';
import type { LabEnv } from '../integration/lab.ts';

const root = new URL('../..', import.meta.url).pathname;
/** Where the pictures of every step are kept. */
export const pictures = join(root, 'test-results/pictures');

export interface Wizard {
  readonly address: string;
  readonly home: string;
  readonly display: string;
  /** Ends the front without warning, as a crash or a power cut does. */
  kill(): Promise<void>;
  /** Starts the front again on the same state. */
  restart(): Promise<string>;
  stop(): Promise<void>;
}

/** The served front on a fresh state folder and a fresh X display. */
export async function startWizard(lab: LabEnv): Promise<Wizard> {
  mkdirSync(pictures, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), 'casement-journey-'));
  const x = await startDisplay();
  let front = await startFront(home, x.display, lab);
  return {
    get address() {
      return front.address;
    },
    home,
    display: x.display,
    kill: () => end(front.process, 'SIGKILL'),
    restart: async () => {
      front = await startFront(home, x.display, lab);
      return front.address;
    },
    stop: async () => {
      await end(front.process, 'SIGTERM');
      await end(x.process, 'SIGTERM');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function startFront(home: string, display: string, lab: LabEnv) {
  const child = spawn(process.execPath, [join(root, 'electron/served.ts')], {
    cwd: root,
    env: {
      ...process.env,
      CASEMENT_HOME: home,
      DISPLAY: display,
      OS_CLIENT_CONFIG_FILE: lab.cloud.cloudsYaml,
      // Practice must find the laboratory that is up, not make one of its own in the fresh state folder.
      CASEMENT_LAB_DIR: lab.dir,
      CASEMENT_LAB_PORT: String(lab.portBase),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process: child, address: (JSON.parse(await firstLine(child)) as { address: string }).address };
}

async function startDisplay(): Promise<{ process: ChildProcess; display: string }> {
  const child = spawn(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return { process: child, display: `:${await firstLine(child)}` };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnfile} ended with ${code} before it was ready`)),
    );
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

/** Keeps a picture of the page under `test-results/pictures/`, light and dark. */
export async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator(`.window.${colorScheme}`)).toBeVisible();
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`), animations: 'disabled' });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Keeps a picture of the whole X display and returns how many colours it shows (an empty display shows one). */
export function displayPicture(display: string, name: string): number {
  const file = join(pictures, `${name}.png`);
  execFileSync('import', ['-display', display, '-window', 'root', file]);
  return Number(execFileSync('identify', ['-format', '%k', file], { encoding: 'utf8' }));
}

/** Walks from the root folder of the host to a file, by double clicks in the dialog for files. */
export async function pickIn(dialog: Locator, path: string): Promise<void> {
  const current = dialog.locator('[aria-current="page"]');
  const rootFolder = dialog.getByRole('button', { name: '/', exact: true });
  if (await rootFolder.isEnabled()) await rootFolder.click();
  await expect(current).toHaveText('/');
  const names = path.split('/').filter(Boolean);
  for (const name of names) {
    await dialog.getByText(name, { exact: true }).dblclick();
    if (name !== names.at(-1)) await expect(current).toHaveText(name);
  }
  await expect(dialog).toBeHidden();
}

/** What the guest has written to COM1 in the one build of a wizard. */
export class Guest {
  readonly #builds: string;
  readonly #wizard: Wizard;
  #seen = 0;

  constructor(accountHome: string, wizard: Wizard) {
    this.#builds = join(accountHome, '.casement/builds');
    this.#wizard = wizard;
  }

  /** Work folder of the build on the host; a run and its folder share one name. */
  folder(): string {
    const [run] = readdirSync(join(this.#wizard.home, 'runs'));
    if (run === undefined) throw new Error('the wizard has not started a build');
    return join(this.#builds, run);
  }

  /** Waits until the guest says `line` after what was waited for before. */
  async says(line: string, timeout = 120_000): Promise<void> {
    const wanted = `standin: ${line}`;
    await expect
      .poll(() => this.#find(wanted), { timeout, message: `the guest says "${wanted}"` })
      .toBeGreaterThanOrEqual(0);
    this.#seen = this.#find(wanted) + wanted.length;
  }

  #find(wanted: string): number {
    let log = '';
    try {
      log = readFileSync(join(this.folder(), 'serial.log'), 'latin1');
    } catch {
      // The VM has not been started yet.
    }
    if (log.length < this.#seen) this.#seen = 0;
    return log.indexOf(wanted, this.#seen);
  }
}
