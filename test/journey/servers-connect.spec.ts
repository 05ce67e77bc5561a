// From the page "Servers" to an open desktop in one click, of a server that this computer reaches through its KVM host only.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { openCloud, waitForServer } from '../../electron/cloud/index.ts';
import type { Cloud } from '../../electron/cloud/types.ts';
import { probeRdp } from '../../electron/connect/index.ts';
import { sampleArguments } from '../integration/arguments.ts';
import { closeWay, openWay, openWays } from '../integration/black-hole.ts';
import { activeImage, labSecrets, typedSource } from '../integration/cloud/lab-cloud.ts';
import { type LabProject, labProject } from '../integration/cloud/lab-project.ts';
import { labEnv } from '../integration/lab.ts';
import { displayPicture, picture, startWizard, type Wizard } from './wizard.ts';

const PASSWORD = 'One-Click-2026';
const name = `one-click-${randomUUID().slice(0, 8)}`;
const lab = labEnv();
let wizard: Wizard;
let page: Page;
let cloud: Cloud;
let server = '';
let image = '';
let address = '';

test.describe.configure({ mode: 'serial' });
test.beforeAll(async ({ browser }) => {
  test.setTimeout(180_000);
  cloud = await openCloud(typedSource(), { secrets: labSecrets() });
  image = await activeImage(cloud, name);
  await cloud.updateImage(image, { set: { os_type: 'windows' } });
  const launched = await cloud.launch({
    ...{ name, image, flavor: 'm1.small', network: lab.network, keypair: null },
    ...{ adminPass: PASSWORD, tag: name },
  });
  server = launched.id;
  const { addresses } = await waitForServer(cloud, server, () => undefined, new AbortController().signal);
  address = addresses[0]?.address ?? '';
  openWays(address);
  await expect.poll(() => probeRdp(address, 3389, 2000), { timeout: 90_000 }).toBe('answers');
  wizard = await startWizard(lab);
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(wizard.address);
});
test.afterAll(async () => {
  await page?.close();
  await wizard?.stop();
  if (server) await cloud.deleteServer(server);
  if (image) await cloud.deleteImage(image);
  await cloud?.close();
});

test('shows the server, and opens its desktop through the tunnel with one click and its password', async () => {
  test.setTimeout(180_000);
  await connectToHost();
  await page.getByRole('button', { name: 'Servers' }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill(name);
  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText(address);
  expect(displayPicture(wizard.display, 'servers-display-before')).toBe(1);

  closeWay(address);
  const sampling = await sampleArguments(PASSWORD);
  try {
    expect(await probeRdp(address, 3389, 1500)).toBe('unreachable');
    await row.getByRole('button', { name: /^Connect/ }).click();
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toContainText('The password of the server is not known');
    await picture(page, 'servers-password');
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Connect' }).click();
    const panel = page.getByRole('complementary', { name: `Server ${name}` });
    await expect(panel.getByText(/^Opened at .*, through /)).toBeVisible({ timeout: 60_000 });
    await expect(panel.getByText(/Desktop: .*open/i)).toBeVisible({ timeout: 60_000 });
    await expect
      .poll(() => displayPicture(wizard.display, 'servers-display-desktop'), { timeout: 30_000 })
      .toBeGreaterThan(50);
    await picture(page, 'servers-connected');
  } finally {
    openWay(address);
  }
  const { samples, longestPause, found } = await sampling.stop();
  console.log(`${samples} samples of all argument lists, longest pause ${longestPause} ms`);
  expect(samples).toBeGreaterThan(50);
  expect(found).toEqual([]);
});

test('offers to take the chosen password out of the metadata, and does', async () => {
  const panel = page.getByRole('complementary', { name: `Server ${name}` });
  await expect(panel.getByText('You have signed in: Windows knows the chosen password')).toBeVisible();
  await picture(page, 'servers-standing-password');
  await panel.getByRole('button', { name: 'Remove the password from the metadata' }).click();
  await expect(panel.getByText('The password is out of the metadata.')).toBeVisible();
  expect(await cloud.passwordFacts(server)).toMatchObject({ adminPassGiven: false });
});

test('stops and deletes it, once that was confirmed', async () => {
  test.setTimeout(120_000);
  const panel = page.getByRole('complementary', { name: `Server ${name}` });
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(async () => (await cloud.server(server))?.status, { timeout: 60_000 }).toBe('SHUTOFF');
  await panel.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(panel).toBeHidden({ timeout: 60_000 });
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0);
  await expect.poll(() => cloud.server(server), { timeout: 60_000 }).toBeNull();
});

test('lists an image that another project offers, and takes it in and out again', async () => {
  test.setTimeout(120_000);
  const other: LabProject = await labProject();
  const offered = `offered-${randomUUID().slice(0, 8)}`;
  const request = { name: offered, format: 'qcow2', minDiskGB: 1, minRamMB: 64, properties: {} } as const;
  const { id } = await other.cloud.createImage({ ...request, visibility: 'shared' }, offered);
  try {
    await other.cloud.shareImage(id, [await cloud.projectId()]);
    await page.getByRole('searchbox', { name: 'Search' }).fill('');
    await page.getByRole('tab', { name: 'Images' }).click();
    const waiting = page.getByRole('list', { name: 'Images that wait for an answer' });
    const taken = page.getByRole('row').filter({ hasText: offered });
    await expect(waiting.getByRole('listitem').filter({ hasText: offered })).toBeVisible();
    await expect(taken).toHaveCount(0);
    await picture(page, 'servers-offers');
    await waiting.getByRole('button', { name: `Accept ${offered}` }).click();
    await expect(taken).toHaveCount(1, { timeout: 30_000 });
    await expect(waiting.getByRole('listitem').filter({ hasText: offered })).toHaveCount(0);

    await page.getByText(/^Answered before: /).click();
    await page.getByRole('button', { name: `Reject ${offered}` }).click();
    await expect(taken).toHaveCount(0, { timeout: 30_000 });
    expect((await other.cloud.imageMembers(id)).map(({ status }) => status)).toEqual(['rejected']);
  } finally {
    await other.cloud.deleteImage(id);
    await other.close();
    await page.getByRole('tab', { name: 'Servers' }).click();
  }
});

test('keeps the password of a gateway in memory, and writes down only where it lies', async () => {
  const secret = 'Gateway-2026';
  const written = () =>
    readdirSync(wizard.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => textOf(join(entry.parentPath, entry.name)))
      .join('\n');
  await page.getByRole('button', { name: 'Desktop options' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Remote Desktop Gateway').fill('rdgw.example.com');
  await dialog.getByLabel('Password there').fill(secret);
  await picture(page, 'servers-gateway');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect.poll(written).toContain('keyring:gateway rdgw.example.com');
  expect(written()).not.toContain(secret);
});

/** A file that is being written whole under another name may be gone by now. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function connectToHost(): Promise<void> {
  const host = new URL(lab.hosts.user.address);
  await page.getByRole('button', { name: 'Connect to a KVM host' }).click();
  await page.getByLabel('Address', { exact: true }).fill(host.hostname);
  await page.getByLabel('User', { exact: true }).fill(host.username);
  await page.getByLabel('Port', { exact: true }).fill(host.port);
  await page
    .getByRole('button', { name: /key file|More|Keys/i })
    .first()
    .click();
  await page
    .locator('input')
    .and(page.getByLabel(/^Private key file/))
    .first()
    .fill(lab.hosts.user.identity);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  // Whom an earlier Casement trusted is of no account: this one has a state folder of its own.
  const trust = page.getByRole('dialog').getByRole('button', { name: 'Trust this host' });
  await trust.click({ timeout: 30_000 });
  await expect(page.getByText('Connected to')).toBeVisible({ timeout: 30_000 });
  expect(readFileSync(join(wizard.home, 'known_hosts'), 'utf8')).toContain(`[${host.hostname}]:${host.port}`);
}
