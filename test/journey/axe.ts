// What axe objects to on a page, in both themes.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fluent's own markers for the focus: never seen, never read, but focusable. */
const FOCUS_MARKERS = '[data-tabster-dummy]';

/** One line for each objection that stays, with theme, rule, element and axe's own words; leaves the page light. */
export async function objections(page: Page): Promise<string[]> {
  // A dialog that just closed gives the page back a moment later.
  await expect(page.locator('#root')).not.toHaveAttribute('aria-hidden', 'true');
  const all: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator(`.window.${colorScheme}`)).toBeVisible();
    // Chromium recolours some labels a moment after the theme: only what stays is an objection.
    let found: string[] = [];
    const look = async (): Promise<number> => {
      found = await whatAxeSays(page);
      return found.length;
    };
    const settled = await expect
      .poll(look, { timeout: 5_000 })
      .toBe(0)
      .then(
        () => true,
        () => false,
      );
    if (!settled) all.push(...found.map((words) => `${colorScheme}: ${words}`));
  }
  return all;
}

async function whatAxeSays(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('canvas').exclude(FOCUS_MARKERS).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`),
  );
}
