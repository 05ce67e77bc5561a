// How Windows is installed and prepared, as fields of the draft, and the parts of a plan that come of them. Pure.
import { z } from 'zod';
import { type Plan, setupDefaults } from '../../shared/plan.ts';
import { linesOf, part, recordOf, text } from './draft-parts.ts';

type SetupParts = Pick<Plan, 'setup' | 'scripts' | 'updates' | 'cloudbaseInit'>;

const usual = setupDefaults();
const ADMINISTRATOR = 'Administrator';

export const setupDraft = part({
  mode: z.enum(['hands-free', 'by-hand']).catch('hands-free'),
  /** Number of the edition on the Windows CD; null takes the usual one. */
  edition: z.number().int().nullable().catch(null),
  keyboard: z.string().min(1).catch(usual.keyboard),
  systemLocale: z.string().min(1).catch(usual.systemLocale),
  userLocale: z.string().min(1).catch(usual.userLocale),
  timeZone: z.string().min(1).catch(usual.timeZone),
  productKey: text.describe('secret reference'),
  scripts: z.array(z.object({ on: z.enum(['workstation', 'host']), path: z.string() })).catch([]),
  updates: text,
  /** Account to which Cloudbase-Init gives the password. */
  account: z.string().catch(ADMINISTRATOR),
  /** Lines of key=value for cloudbase-init.conf. */
  settings: text,
});

export type SetupDraft = z.output<typeof setupDraft>;

const given = (value: string): string | undefined => value.trim() || undefined;

/** The account that gets the password; by hand the installer of Cloudbase-Init proposes the usual one. */
export function accountOf({ mode, account }: SetupDraft): string {
  return (mode === 'hands-free' ? given(account) : undefined) ?? ADMINISTRATOR;
}

/** The parts of a plan; what only a hands-free build does is left out of one by hand. */
export function setupOf({ setup }: { readonly setup: SetupDraft }): SetupParts {
  const { mode, edition, keyboard, systemLocale, userLocale, timeZone } = setup;
  const productKey = given(setup.productKey);
  const answers = {
    ...{ mode, keyboard, systemLocale, userLocale, timeZone },
    ...(edition === null ? {} : { edition }),
    ...(productKey === undefined ? {} : { productKey }),
  };
  // A plan that does not say how Windows is installed means by hand.
  if (mode === 'by-hand')
    return JSON.stringify(answers) === JSON.stringify({ ...usual, mode }) ? {} : { setup: answers };
  const scripts = setup.scripts.flatMap(({ on, path }) =>
    given(path) === undefined ? [] : [on === 'host' ? { path } : { file: path }],
  );
  const updates = given(setup.updates);
  const cloudbaseInit = {
    username: accountOf(setup),
    settings: recordOf(setup.settings),
  };
  const proposed =
    cloudbaseInit.username === ADMINISTRATOR && Object.keys(cloudbaseInit.settings).length === 0;
  return {
    setup: answers,
    ...(scripts.length > 0 ? { scripts } : {}),
    ...(updates === undefined ? {} : { updates }),
    ...(proposed ? {} : { cloudbaseInit }),
  };
}

/** The fields that show these parts of a plan. */
export function setupFields(draft: SetupDraft, plan: SetupParts): SetupDraft {
  const { setup, scripts, updates, cloudbaseInit } = plan;
  if (!setup) return { ...draft, mode: 'by-hand' };
  return {
    ...setup,
    edition: setup.edition ?? null,
    productKey: setup.productKey ?? '',
    scripts: (scripts ?? []).map((source) =>
      'file' in source ? { on: 'workstation', path: source.file } : { on: 'host', path: source.path },
    ),
    updates: updates ?? '',
    account: cloudbaseInit?.username ?? ADMINISTRATOR,
    settings: linesOf(cloudbaseInit?.settings ?? {}),
  };
}
