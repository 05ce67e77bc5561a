// The Electron front itself, where its binary exists; elsewhere it reports itself skipped, with the reason.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test } from '@playwright/test';

const root = new URL('../..', import.meta.url).pathname;
const electron = join(root, 'node_modules/electron');
const pathFile = join(electron, 'path.txt');

test.skip(
  !existsSync(pathFile),
  'the Electron binary is not installed (it is downloaded from github.com at the first start)',
);

test('Electron opens the wizard in a locked window', async () => {
  execFileSync(
    process.execPath,
    ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--config', 'build/electron.vite.config.ts'],
    { cwd: root },
  );
  const home = mkdtempSync(join(tmpdir(), 'casement-electron-'));
  const app = await _electron.launch({
    executablePath: join(electron, 'dist', readFileSync(pathFile, 'utf8')),
    args: ['.'],
    cwd: root,
    env: { ...process.env, CASEMENT_HOME: home } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    await expect(page).toHaveURL('app://casement/index.html');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
    expect(
      await page.evaluate(() =>
        Object.keys((globalThis as unknown as { casementBridge: object }).casementBridge),
      ),
    ).toEqual(['post', 'onMessage']);
    await page.evaluate(() => globalThis.location.assign('https://example.org/'));
    await expect(page).toHaveURL('app://casement/index.html');
    expect(await page.evaluate(() => globalThis.open('https://example.org/'))).toBeNull();
  } finally {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  }
});
