// Practice from the wizard: one click fills in every step from the laboratory.
import { expect, test } from '@playwright/test';
import { labEnv } from '../integration/lab.ts';
import { picture, startWizard } from './wizard.ts';

test('practice prepares every step with the laboratory of this computer', async ({ browser }) => {
  const wizard = await startWizard(labEnv());
  const page = await (await browser.newContext({ viewport: { width: 1024, height: 700 } })).newPage();
  try {
    await page.goto(wizard.address);
    await page.getByRole('button', { name: 'Practice on this computer' }).click();
    await expect(page.getByText('You are practising')).toBeVisible({ timeout: 120_000 });
    await expect(page.getByText(/QEMU \d/).first()).toBeVisible({ timeout: 30_000 });
    await picture(page, '30-practice');
    for (const step of ['Media', 'Disk & machine', 'Install']) {
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(page.getByRole('heading', { level: 1, name: step })).toBeVisible();
    }
    await expect(page.getByRole('button', { name: 'Start the build' })).toBeEnabled();
    await picture(page, '31-practice-ready');
  } finally {
    await page.close();
    await wizard.stop();
  }
});
