// The whole way, as an admin walks it: from the first screen of the wizard to an open desktop on a launched server,
// typing and clicking in a real Chromium, with a picture of every step. No stage may be skipped.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { STAGE_TITLES } from '../../shared/stages.ts';
import { labEnv } from '../integration/lab.ts';
import { objections } from './axe.ts';
import { type Line, startLine } from './line.ts';
import { displayPicture, Guest, pickIn, picture, startWizard, type Wizard } from './wizard.ts';

/** The password the admin gives to Windows while installing; the cloud's own replaces it. */
const SETUP_PASSWORD = 'Install-2022!';
/** The password chosen for the server: `admin_pass`. */
const CHOSEN_PASSWORD = 'Casement-Desk-2026';

test.describe.configure({ mode: 'serial' });

const lab = labEnv();
let wizard: Wizard;
let page: Page;
let guest: Guest;
let line: Line;

test.beforeAll(async ({ browser }) => {
  wizard = await startWizard(lab);
  guest = new Guest(accountHome(new URL(lab.hosts.user.address).username), wizard);
  line = await startLine(Number(new URL(lab.hosts.user.address).port));
  page = await (
    await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  await page.goto(wizard.address);
});
test.afterAll(async () => {
  await page?.close();
  await wizard?.stop();
  await line?.close();
});

test('the first screen offers a host or practice', async () => {
  await expect(page.getByRole('heading', { level: 1, name: 'Host' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Practice on this computer' })).toBeVisible();
  await picture(page, '01-welcome');
  await accessible();
});

test('connects to the KVM host over SSH and checks it', async () => {
  const host = new URL(lab.hosts.user.address);
  await tabTo(page.getByRole('button', { name: 'Connect to a KVM host' }));
  await page.keyboard.press('Enter');
  await tabTo(field('Address'));
  await page.keyboard.type(host.hostname);
  await tabTo(field('User'));
  await page.keyboard.type(host.username);
  await field('Port').fill(String(line.port));
  await page
    .getByRole('button', { name: /key file|More|Keys/i })
    .first()
    .click();
  await field(/^Private key file/).fill(lab.hosts.user.identity);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('SHA256:');
  await picture(page, '02-host-key');
  await question.getByRole('button', { name: 'Trust this host' }).click();
  await expect(page.getByText('Connected to')).toBeVisible();
  await expect(page.getByText(/QEMU \d/).first()).toBeVisible({ timeout: 30_000 });
  await picture(page, '03-host-checked');
  await accessible();
  await goOn('Media');
});

test('chooses the three files on the host', async () => {
  await field('Windows version').selectOption({ label: 'Windows Server 2022' });
  await browseTo('Windows ISO', lab.media.windowsIso);
  await expect(page.getByText(/^Windows Server 2022, build 20348.*Desktop Experience/)).toBeVisible();
  await field(/^virtio-win ISO: path on the host/).fill(lab.media.windowsIso);
  await expect(page.getByText(/This is a Windows installer CD, not the virtio-win ISO/)).toBeVisible();
  await field(/^virtio-win ISO: path on the host/).fill(lab.media.virtioIso);
  await expect(page.getByText(/^virtio-win 0\.1\.285, with drivers in .*2k22/)).toBeVisible();
  await field(/^Cloudbase-Init MSI: path on the host/).fill(lab.media.cloudbaseInitMsi);
  await expect(page.getByText('Cloudbase-Init 1.1.8.')).toBeVisible();
  await picture(page, '04-media');
  await accessible();
  await goOn('Disk & machine');
});

test('sizes disk and machine and reads the QEMU command', async () => {
  await field('Disk size in GB').fill('40');
  await field('Memory in MB').fill('1024');
  await field(/^Machine type/).selectOption('pc');
  await picture(page, '05-machine');
  await page.getByRole('button', { name: 'Show the QEMU command' }).click();
  await expect(page.getByRole('dialog')).toContainText('-qmp');
  await picture(page, '06-qemu-command');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await accessible();
  await goOn('Install');
});

test('installs Windows by hand in the embedded screen', async () => {
  await page.getByRole('radio', { name: /^By hand/ }).check();
  await page.getByRole('button', { name: 'Start the build' }).click();
  await guest.says('screen setup-language');
  await expect(screen()).toBeVisible({ timeout: 30_000 });
  await picture(page, '07-setup');
  await accessible();
  await press('Enter');
  await guest.says('screen setup-edition');
  await survivesKill();
  await press('2', 'Enter');
  await guest.says('screen setup-licence');
  await press('y', 'e', 's', 'Enter');
  await guest.says('screen setup-disk');
  await picture(page, '08-no-drives');
  await coachTypes('Folder');
  await press('Enter');
  await guest.says('driver loaded viostor 2k22');
  await guest.says('drive 0 visible');
  await press('Enter');
  await guest.says('screen setup-copying');
  await picture(page, '09-copying');
  await seenByTwo();
  await guest.says('screen windows-password', 180_000);
  await toolbarTypes(`${SETUP_PASSWORD}\n`);
  await guest.says('field reenter-password');
  await toolbarTypes(`${SETUP_PASSWORD}\n`);
  await guest.says('screen windows-desktop');
  await picture(page, '10-desktop');
  await survivesCutLine();
  await coachTypes('Install NetKVM');
  await guest.says('driver installed netkvm 2k22');
  await guest.says('prompt');
  await coachTypes('Allow Remote Desktop');
  await guest.says('ran reg');
  await guest.says('prompt');
  await coachTypes('Switch the three rules on');
  await guest.says('ran');
  await guest.says('prompt');
  await page.getByRole('checkbox', { name: 'Allow Remote Desktop' }).check();
  await usesToolbar();
  await coachTypes('Shut down');
  for (const stage of ['host', 'media', 'disk', 'install'] as const) await stageDone(stage);
  await picture(page, '11-installed');
  await goOn('Cloudbase-Init');
});

test('puts Cloudbase-Init on the disk and runs it', async () => {
  await picture(page, '12-cloudbase-init');
  await page.getByRole('button', { name: 'Put Cloudbase-Init on the disk' }).click();
  await stageDone('inject');
  await guest.says('screen windows-sign-in', 180_000);
  await expect(screen()).toBeVisible({ timeout: 30_000 });
  await toolbarTypes(`${SETUP_PASSWORD}\n`);
  await guest.says('desktop has CloudbaseInitSetup_x64.msi');
  await picture(page, '13-installer');
  await accessible();
  await press('Enter');
  await guest.says('ask sysprep');
  await press('y', 'Enter');
  await guest.says('ask shutdown');
  await press('n', 'Enter');
  await guest.says('sysprep succeeded');
  await guest.says('screen windows-desktop');
  await coachTypes('Delete the installer');
  await guest.says('deleted CloudbaseInitSetup_x64.msi');
  await guest.says('prompt');
  await machineMenu('Press the power button');
  await guest.says('power-button');
  for (const stage of ['cloudbase-init', 'inspect', 'finish'] as const) await stageDone(stage);
  await expect(page.getByRole('heading', { name: 'Proof: this disk is a good image' })).toBeVisible();
  await picture(page, '14-proven');
  await accessible();
  await goOn('Publish');
});

test('signs in to the cloud and publishes the image', async () => {
  const offered = page
    .locator('option')
    .filter({ hasText: new RegExp(`^${lab.cloud.cloud} .*${lab.cloud.authUrl}`) });
  await expect(offered).toHaveCount(1);
  await field(/^Cloud$|^Cloud /).selectOption(await offered.getAttribute('value'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText(lab.cloud.project, { exact: true }).first()).toBeVisible();
  await field('Image name').fill('windows-2022-journey');
  await picture(page, '15-publish');
  await accessible();
  await page.getByRole('button', { name: 'Upload the image' }).click();
  await stageDone('publish');
  await stageDone('verify');
  await picture(page, '16-published');
  await goOn('Launch');
});

test('launches a server with a chosen password', async () => {
  await field('Server name').fill('journey');
  await page.getByRole('list', { name: 'Networks' }).getByRole('checkbox', { name: lab.network }).check();
  const keypair = `journey-${Date.now()}`;
  await page.getByRole('button', { name: 'Create a key pair' }).click();
  await field('Name of the key pair').fill(keypair);
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await expect(field('Key pair')).toHaveValue(keypair);
  await expect(field('Private key file')).not.toHaveValue('');
  await page.getByRole('radio', { name: 'm1.medium' }).check();
  await page.getByRole('radio', { name: 'Choose it now' }).check();
  await field('Password for Administrator').fill('administrator1!');
  await expect(page.getByText(/Does not contain the account name.*: not yet/)).toBeVisible();
  await picture(page, '17-weak-password');
  await field('Password for Administrator').fill(CHOSEN_PASSWORD);
  await picture(page, '18-launch');
  await accessible();
  await page.getByRole('button', { name: 'Launch the server' }).click();
  await stageDone('launch');
  await picture(page, '19-launched');
  await goOn('Connect');
});

test('opens the desktop of the server', async () => {
  expect(displayPicture(wizard.display, '20-display-before')).toBe(1);
  await page.getByRole('button', { name: 'Open the desktop' }).click();
  await stageDone('connect');
  await expect(page.getByText('Your image works')).toBeVisible();
  await expect(page.getByText(/The desktop is open/).last()).toBeVisible();
  await expect
    .poll(() => displayPicture(wizard.display, '21-display-desktop'), { timeout: 30_000 })
    .toBeGreaterThan(50);
  await picture(page, '22-connected');
  await accessible();
  await page.getByRole('button', { name: 'Show the password' }).click();
  await expect(field('Administrator password')).toHaveValue(CHOSEN_PASSWORD);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(page.getByText('Copied. The clipboard is emptied after 30 seconds.')).toBeVisible();
  await page.getByRole('button', { name: /^Hide \(/ }).click();
  await expect(field('Administrator password')).toBeHidden();
});

test('has nothing on any step that axe objects to, light or dark', () => {
  expect(inaccessible).toEqual([]);
});

test('has skipped no stage and shown no password', async () => {
  for (const title of Object.values(STAGE_TITLES)) expect(stagesSeen.get(title)).toBe('Done');
  const told = spawnSync(
    'grep',
    ['-rlF', '-e', CHOSEN_PASSWORD, '-e', SETUP_PASSWORD, wizard.home, guest.folder()],
    { encoding: 'utf8' },
  );
  expect(told).toMatchObject({ status: 1, stdout: '' });
});

/** What axe found on any step; gathered, so that the last test names all of it at once. */
const inaccessible: string[] = [];
const stagesSeen = new Map<string, string>();

/** Kills the program behind the page and starts it again: it offers to go on, and Windows has not noticed. */
async function survivesKill(): Promise<void> {
  await wizard.kill();
  await expect(page.getByText(/reconnecting/i).first()).toBeVisible();
  await picture(page, '07b-backend-gone');
  await page.goto(await wizard.restart());
  await expect(page.getByRole('button', { name: 'Continue that build' })).toBeVisible();
  await picture(page, '07c-offer');
  await page.getByRole('button', { name: 'Continue that build' }).click();
  await expect(screen()).toBeVisible({ timeout: 30_000 });
}

/** A second window looks at the same screen, and the first keeps it. */
async function seenByTwo(): Promise<void> {
  const second = await page.context().newPage();
  await second.goto(new URL('/', wizard.address).href);
  await second.getByRole('button', { name: /^4\. Install/ }).click();
  await expect(second.locator('canvas').first()).toBeVisible({ timeout: 30_000 });
  await expect(screen()).toBeVisible();
  await second.close();
}

/** Special keys, a saved screenshot, and a CD taken out and put back. */
async function usesToolbar(): Promise<void> {
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByRole('menuitem', { name: 'Enter', exact: true }).click();
  await guest.says('typed 0 chars');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save a screenshot' }).click();
  const png = readFileSync(await (await saved).path());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  await machineMenu('Eject Windows');
  const drive = page.getByRole('menuitem', { name: 'Change Windows' });
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  await expect(drive).toContainText('empty');
  await drive.click();
  await pickIn(page.getByRole('dialog'), lab.media.windowsIso);
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  await expect(drive).toContainText('windows-server');
  await page.keyboard.press('Escape');
}

async function machineMenu(item: string): Promise<void> {
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** Moves the focus with the Tab key alone, as somebody without a mouse does. */
async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the Tab key does not reach it');
}

/** The SSH line breaks while QEMU goes on: the screen comes back by itself and keys reach the guest again. */
async function survivesCutLine(): Promise<void> {
  const veil = page.locator('.screen-veil');
  const dropped = veil.waitFor();
  expect(line.cut()).toBeGreaterThan(0);
  await dropped;
  await expect(veil).toHaveCount(0, { timeout: 30_000 });
  await toolbarTypes('help\n');
  await guest.says('ran help');
  await guest.says('prompt');
}

/** Waits until a stage is shown as done; a failure shows its sentences instead of a timeout. */
async function stageDone(stage: keyof typeof STAGE_TITLES): Promise<void> {
  const title = STAGE_TITLES[stage];
  const row = page.locator('li.stage').filter({ has: page.getByText(title, { exact: true }) });
  const mark = row.locator('.state-icon .sr-only');
  await expect(mark).toHaveText(/^(Done|Failed|Not needed)$/, { timeout: 180_000 });
  const name = (await mark.textContent()) ?? '';
  if (name !== 'Done') throw new Error((await row.textContent()) ?? title);
  stagesSeen.set(title, name);
}

function field(label: string | RegExp): Locator {
  const labelled = page.getByLabel(label, typeof label === 'string' ? { exact: true } : {});
  return page.locator('input, select, textarea').and(labelled).first();
}

async function goOn(to: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: to })).toBeVisible();
}

async function browseTo(what: string, path: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`Browse for ${what}`) }).click();
  await pickIn(page.getByRole('dialog'), path);
  await expect(field(new RegExp(`^${what}: path on the host`))).toHaveValue(path);
}

function screen(): Locator {
  return page.locator('canvas').first();
}

/** Presses keys on the embedded screen, as typed on a keyboard. */
async function press(...keys: string[]): Promise<void> {
  await screen().click();
  for (const key of keys) await page.keyboard.press(key, { delay: 30 });
}

async function coachTypes(label: string): Promise<void> {
  await page.getByRole('button', { name: `Type it for me: ${label}`, exact: true }).click();
  await typed();
}

async function toolbarTypes(text: string): Promise<void> {
  await page.getByRole('button', { name: 'Type a text' }).click();
  await page.getByLabel('Text to type').fill(text);
  await page.getByRole('button', { name: 'Type it', exact: true }).click();
  await typed();
}

/** Waits until Casement has pressed the last key of a text. */
async function typed(): Promise<void> {
  // The machine may be gone by then: the text was the command that shuts it down.
  const screenRegion = page.getByRole('region', { name: 'Screen of the build machine' });
  await expect(screenRegion.and(page.locator('[aria-busy="true"]'))).toHaveCount(0);
}

async function accessible(): Promise<void> {
  const heading = await page.getByRole('heading', { level: 1 }).textContent();
  inaccessible.push(...(await objections(page)).map((words) => `${heading}, ${words}`));
}

function accountHome(account: string): string {
  return execFileSync('getent', ['passwd', account], { encoding: 'utf8' }).split(':')[5] ?? '';
}
