// The page "Servers" with more than anybody has: 10,000 servers and 2,000 images, measured in the page.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { LabEnv } from '../integration/lab.ts';
import { type QemuScreen, startQemuScreen } from '../qemu-screen.ts';
import { objections } from './axe.ts';
import { CONSOLE_LOG, IMAGES, manyServers, SERVERS } from './many-servers.ts';
import { picture, pictures, startWizard, type Wizard } from './wizard.ts';

/** What an action may take until the page shows its result, in ms. */
const MOST = 100;

test.describe.configure({ mode: 'serial' });
let screen: QemuScreen;
let cloud: Awaited<ReturnType<typeof manyServers>>;
let wizard: Wizard;
let page: Page;

test.beforeAll(async ({ browser }) => {
  screen = await startQemuScreen();
  cloud = await manyServers(screen.url);
  const folder = mkdtempSync(join(tmpdir(), 'casement-many-'));
  const cloudsYaml = join(folder, 'clouds.yaml');
  writeFileSync(cloudsYaml, cloud.cloudsYaml);
  wizard = await startWizard({ cloud: { cloudsYaml }, dir: folder, portBase: 0 } as unknown as LabEnv);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(wizard.address);
});
test.afterAll(async () => {
  await wizard.stop();
  cloud.close();
  screen.stop();
});

test('reads all servers in the background and shows the first ones at once', async () => {
  const began = Date.now();
  await page.getByRole('button', { name: 'Servers' }).click();
  await expect(page.getByRole('row').nth(5)).toBeVisible();
  const first = Date.now() - began;
  await expect(page.getByRole('status').getByText('10,000 of 10,000', { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  console.log(`first rows after ${first} ms, all ${SERVERS} after ${Date.now() - began} ms`);
  // Only what is in sight exists.
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  await page.screenshot({ path: join(pictures, 'servers-many.png') });
  expect(await objections(page)).toEqual([]);
});

test('keeps the one click of every server in sight in a small window', async () => {
  await page.setViewportSize({ width: 1024, height: 700 });
  const connect = page
    .getByRole('row')
    .nth(1)
    .getByRole('button', { name: /^Connect to/ });
  await expect(connect).toBeInViewport({ ratio: 1 });
  await page.screenshot({ path: join(pictures, 'servers-small-window.png') });
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('searches, sorts and scrolls servers and images in less than 100 ms each', async () => {
  test.setTimeout(120_000);
  await page.evaluate(watch);
  // Whatever else the machine does can only add to what an action takes: each counts at its best of several rounds.
  const rounds: (readonly Taken[])[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const taken = await actions();
    rounds.push(taken);
    console.log(`round ${round}: ${taken.length} actions, ${told(taken)}`);
    expect(taken.map(([name]) => name)).toEqual(rounds[0]?.map(([name]) => name));
  }
  const best = (rounds[0] ?? []).map(
    ([name], at): Taken => [name, Math.min(...rounds.map((taken) => taken[at]?.[1] ?? Infinity))],
  );
  console.log(`best of ${ROUNDS}: ${told(best)}`);
  expect(best.filter(([name]) => name === 'input').length).toBeGreaterThan(15);
  expect(best.filter(([name]) => name === 'wheel').length).toBeGreaterThan(15);
  expect(best.filter(([, ms]) => ms >= MOST)).toEqual([]);
});

test('shows the console of a server: its log, and its screen, which has the keyboard', async () => {
  await page.getByRole('tab', { name: 'Servers' }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('win-7919');
  await page.getByRole('button', { name: 'win-7919', exact: true }).click();
  await page.getByRole('complementary').getByRole('button', { name: 'Console' }).click();
  const dialog = page.getByRole('dialog', { name: 'Console of win-7919' });
  await expect(dialog.getByRole('region', { name: 'Log' })).toHaveText(CONSOLE_LOG);
  await expect(dialog.getByText('boot line 299')).toBeInViewport();
  await picture(page, 'servers-console-log');
  await dialog.getByRole('tab', { name: 'Screen' }).click();
  await expect(dialog.getByTestId('server-vnc').locator('canvas')).toBeVisible();
  await expect(dialog.getByText('Opening the screen')).toBeHidden();
  // Neither closes the dialog nor goes on to its next button: all of it is the guest's.
  for (const key of ['Tab', 'Escape', 'Shift+Tab', 'a']) await page.keyboard.press(key);
  await expect.poll(() => screen.keys()).toEqual(['tab', 'esc', 'shift', 'tab', 'a']);
  await dialog.getByRole('button', { name: 'Ctrl+Alt+Del' }).click();
  await expect.poll(() => screen.keys().slice(-3)).toEqual(['ctrl', 'alt', 'delete']);
  await page.keyboard.press('b');
  await expect.poll(() => screen.keys().at(-1)).toBe('b');
  await picture(page, 'servers-console-screen');
  await dialog.getByRole('heading').click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('warns of a cloud whose certificate nobody checks wherever it is used, before any sign-in', async () => {
  const warning = page.getByText(/The certificate of .* is not checked/);
  await expect(warning).toBeHidden();
  await page.getByRole('combobox', { name: 'Cloud' }).selectOption('unchecked');
  await expect(warning).toContainText('verify: false');
  await picture(page, 'servers-unchecked');
  await page.getByRole('combobox', { name: 'Cloud' }).selectOption('many');
  await expect(warning).toBeHidden();
  await page.getByRole('button', { name: 'Publish' }).click();
  const clouds = page.getByRole('combobox', { name: /^Cloud/ });
  const option = clouds.locator('option', { hasText: 'unchecked' });
  await clouds.selectOption(await option.getAttribute('value'));
  await expect(warning).toHaveCount(1);
  // The draft is saved a moment after the last change; opened anew the window knows it from there.
  const draft = join(wizard.home, 'draft.json');
  const saved = () => (existsSync(draft) ? readFileSync(draft, 'utf8') : '');
  await expect.poll(saved).toContain('"cloud":"unchecked"');
  await page.reload();
  await expect(page.getByRole('main')).toBeVisible();
  await expect(warning).toHaveCount(1);
  await page.getByRole('button', { name: 'Servers' }).click();
  await expect(page.getByRole('combobox', { name: 'Cloud' })).toHaveValue(/unchecked/);
  await expect(warning).toHaveCount(1);
});

function told(taken: readonly Taken[]): string {
  const worst = (kind: string) => Math.max(...taken.filter(([name]) => name === kind).map(([, ms]) => ms));
  return `at most: input ${worst('input')}, click ${worst('click')}, wheel ${worst('wheel')} ms`;
}

const ROUNDS = 4;
/** An action, and how long it took until the picture with its result, in ms. */
type Taken = readonly [action: string, ms: number];
type Watching = { taken: Taken[] };

/** Everything once, with the mouse and the keyboard; what each took. */
async function actions(): Promise<readonly Taken[]> {
  await page.evaluate(() => {
    (window as unknown as Watching).taken.length = 0;
  });
  const search = page.getByRole('searchbox', { name: 'Search' });
  await page.getByRole('tab', { name: 'Servers' }).click();
  await search.pressSequentially('win-12', { delay: 30 });
  await search.press('Backspace');
  for (const title of ['Created', 'Image', 'Name', 'State'])
    await page.getByRole('columnheader', { name: title }).getByRole('button').click();
  await search.fill('');
  await wheel(12);
  await page.getByRole('tab', { name: 'Images' }).click();
  await expect(page.getByRole('table', { name: 'Images' })).toHaveAttribute('aria-rowcount', `${IMAGES + 1}`);
  await search.pressSequentially('2022 build 19', { delay: 30 });
  await search.fill('');
  await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
  await wheel(8);
  return await page.evaluate(() => [...(window as unknown as Watching).taken]);
}

async function wheel(turns: number): Promise<void> {
  await page.mouse.move(640, 500);
  for (let turn = 0; turn < turns; turn += 1) {
    await page.mouse.wheel(0, 600);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }
}

/** Notes for every real input event how long it takes until the next picture of the page is due. */
function watch(): void {
  const taken: Taken[] = [];
  (window as unknown as Watching).taken = taken;
  for (const name of ['input', 'click', 'wheel'])
    window.addEventListener(
      name,
      (event) => {
        const from = event.timeStamp;
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          // After the picture was made: the first task behind the frame.
          channel.port1.onmessage = () => taken.push([name, Math.round(performance.now() - from)]);
          channel.port2.postMessage(null);
        });
      },
      { capture: true, passive: true },
    );
}
