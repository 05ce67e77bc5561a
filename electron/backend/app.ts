// What belongs to no host and no cloud: the program itself, the draft, the plan as a file.
import { join } from 'node:path';
import { stringify } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { planSchema } from '../../shared/plan.ts';
import type { AppInfo } from '../../shared/views.ts';
import { readJson, writeWhole } from '../run/files.ts';
import type { Service } from './handlers.ts';
import { practiceInfo } from './practice-info.ts';

interface AppOptions {
  readonly front: AppInfo['front'];
  readonly frontReason: string | null;
  readonly home: string;
}

/** Answers `app.*`, `draft.*` and `plan.*`. */
export function appService(
  options: AppOptions,
): Service<'app.info' | 'draft.load' | 'draft.save' | 'plan.export'> {
  const draft = join(options.home, 'draft.json');
  // One after the other, so that an older draft never overtakes a newer one.
  let saving: Promise<void> = Promise.resolve();
  return {
    'app.info': async () => ({
      version: packageJson.version,
      platform: process.platform,
      front: options.front,
      frontReason: options.frontReason,
      practice: await practiceInfo(),
    }),
    'draft.load': () => readJson(draft),
    'draft.save': ({ draft: value }) => {
      saving = saving.catch(() => {}).then(() => writeWhole(draft, JSON.stringify(value)));
      return saving;
    },
    'plan.export': ({ plan }) => ({ yaml: stringify(plan, { lineWidth: 0 }) }),
  };
}

/** What is wrong with a plan, by path; `ok` when nothing is. */
export function checkPlan(plan: unknown): { ok: boolean; problems: { path: string; message: string }[] } {
  const parsed = planSchema.safeParse(plan);
  if (parsed.success) return { ok: true, problems: [] };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  };
}
