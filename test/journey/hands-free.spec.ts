// The whole way with nothing typed after "Start": practice fills in every step, Windows answers itself, and the wizard
// shows what happens until the desktop is open.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { STAGE_TITLES } from '../../shared/stages.ts';
import { labEnv } from '../integration/lab.ts';
import { objections } from './axe.ts';
import { displayPicture, picture, startWizard } from './wizard.ts';

test('a hands-free build goes from practice to an open desktop without a key', async ({ browser }) => {
  const wizard = await startWizard(labEnv());
  const page = await (
    await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  ).newPage();
  const complaints: string[] = [];
  const accessible = async (): Promise<void> => void complaints.push(...(await objections(page)));
  try {
    await page.goto(wizard.address);
    await page.getByRole('button', { name: 'Practice on this computer' }).click();
    await expect(page.getByText('You are practising')).toBeVisible({ timeout: 120_000 });
    for (const step of ['Media', 'Disk & machine', 'Install']) await goOn(page, step);

    await expect(page.getByRole('radio', { name: /^Hands-free/ })).toBeChecked();
    await page
      .getByLabel('Edition')
      .selectOption({ label: 'Windows Server 2022 Standard (Desktop Experience)' });
    await page.getByLabel('Keyboard').selectOption('de-DE');
    await page.getByLabel('Time zone').selectOption('W. Europe Standard Time');
    await picture(page, '40-hands-free');
    await accessible();
    await page.getByRole('button', { name: /^Product key/ }).click();
    await page.getByRole('button', { name: 'Add a script' }).click();
    await picture(page, '41-hands-free-more');
    await accessible();
    await page.getByRole('button', { name: 'Remove script 1' }).click();

    await page.getByRole('button', { name: 'Start the build' }).click();
    await expect(page.locator('canvas').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('Windows Setup is at work').first()).toBeVisible({ timeout: 120_000 });
    await expect(page.getByRole('img', { name: /^The screen at/ }).first()).toBeVisible({ timeout: 60_000 });
    await picture(page, '42-hands-free-setup');
    await accessible();
    await stageDone(page, 'install');
    await goOn(page, 'Cloudbase-Init');
    await expect(page.getByText('Installing Cloudbase-Init').first()).toBeVisible({ timeout: 180_000 });
    await picture(page, '43-hands-free-seal');
    for (const stage of ['cloudbase-init', 'inspect', 'finish'] as const) await stageDone(page, stage);
    await expect(page.getByRole('heading', { name: 'Proof: this disk is a good image' })).toBeVisible();
    await page
      .getByText(/\d+ of \d+ checks passed/)
      .last()
      .click();
    await page.getByText('What was read').first().click();
    await picture(page, '44-proof');
    await accessible();

    await goOn(page, 'Publish');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByText('Signed in as')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Upload the image' }).click();
    await stageDone(page, 'publish');
    await stageDone(page, 'verify');
    await picture(page, '44b-verified');
    await goOn(page, 'Launch');
    await page.getByRole('button', { name: 'Launch the server' }).click();
    await stageDone(page, 'launch');
    await goOn(page, 'Connect');
    await page.getByRole('button', { name: 'Open the desktop' }).click();
    await stageDone(page, 'connect');
    await expect
      .poll(() => displayPicture(wizard.display, '45-hands-free-desktop'), { timeout: 30_000 })
      .toBeGreaterThan(50);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
    await wizard.stop();
  }
});

test('a hands-free build with UEFI stops at a bad disk, until the admin says why it is used', async ({
  browser,
}) => {
  const lab = labEnv();
  const wizard = await startWizard(lab);
  const page = await (
    await browser.newContext({ viewport: { width: 1024, height: 700 }, reducedMotion: 'reduce' })
  ).newPage();
  try {
    const script = join(wizard.home, 'close.ps1');
    const key = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
    writeFileSync(script, `reg add "${key}" /v fDenyTSConnections /t REG_DWORD /d 1 /f\r\n`);
    await page.goto(wizard.address);
    await page.getByRole('button', { name: 'Practice on this computer' }).click();
    await expect(page.getByText('You are practising')).toBeVisible({ timeout: 120_000 });
    await goOn(page, 'Media');
    await page
      .getByLabel(/^Windows ISO: path on the host/)
      .fill(join(dirname(lab.media.windowsIso), 'windows-server-2025-standin.iso'));
    await page.getByRole('button', { name: 'Use Windows Server 2025' }).click();
    await goOn(page, 'Disk & machine');
    await page.getByLabel('Memory in MB').fill('1024');
    await page.getByLabel('Cores').fill('1');
    await expect(page.getByLabel(/^Firmware/)).toHaveValue('uefi');
    await page.getByText('TPM 2.0', { exact: true }).scrollIntoViewIfNeeded();
    await picture(page, '50-uefi-machine');
    await goOn(page, 'Install');
    await expect(page.getByText(/^An evaluation: it runs without a product key/)).toBeVisible();
    await page.getByRole('button', { name: /^Product key/ }).click();
    await page.getByRole('button', { name: 'Add a script' }).click();
    await page.getByLabel('Script 1', { exact: true }).fill(script);
    await page.getByRole('button', { name: 'Start the build' }).click();
    await stageDone(page, 'install');
    await goOn(page, 'Cloudbase-Init');
    await expect(page.getByRole('heading', { name: 'Proof: this disk is not a good image yet' })).toBeVisible(
      {
        timeout: 240_000,
      },
    );
    await expect(page.getByText('This disk would not make a good image', { exact: true })).toBeVisible();
    await page.getByLabel('Use this disk all the same, because').scrollIntoViewIfNeeded();
    await picture(page, '51-bad-disk');
    expect(await objections(page)).toEqual([]);
    const use = page.getByRole('button', { name: 'Use this disk' });
    await page.getByLabel('Use this disk all the same, because').fill('too short');
    await expect(use).toHaveAttribute('aria-disabled', 'true');
    await page
      .getByLabel('Use this disk all the same, because')
      .fill('Its console is enough for this server');
    await use.click();
    await stageDone(page, 'finish');
    await expect(page.getByText('Its console is enough for this server')).toBeVisible();
    await picture(page, '52-accepted');
  } finally {
    await page.close();
    await wizard.stop();
  }
});

async function goOn(page: Page, to: string): Promise<void> {
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: to })).toBeVisible();
}

/** Waits until a stage is shown as done; a failure shows its sentences instead of a timeout. */
async function stageDone(page: Page, stage: keyof typeof STAGE_TITLES): Promise<void> {
  const row = page.locator('li.stage').filter({ has: page.getByText(STAGE_TITLES[stage], { exact: true }) });
  const mark = row.locator('.state-icon .sr-only');
  await expect(mark).toHaveText(/^(Done|Failed)$/, { timeout: 240_000 });
  if ((await mark.textContent()) === 'Failed') throw new Error((await row.textContent()) ?? stage);
}
