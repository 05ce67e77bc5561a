// A plan as a file: read, checked, and what it is good for.
import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { CasementError } from '../../shared/errors.ts';
import { type Plan, planSchema } from '../../shared/plan.ts';
import type { StageId } from '../../shared/stages.ts';

/** The parsed but unchecked content of a plan file (YAML or JSON). Throws `plan.unreadable`. */
export async function readPlanFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw unreadable(file, thrown instanceof Error ? thrown.message : String(thrown));
  });
  try {
    return parse(text);
  } catch (thrown) {
    const where = thrown instanceof YAMLParseError ? thrown.message : String(thrown);
    throw unreadable(file, where);
  }
}

/** The plan of a file. Throws `plan.unreadable` or `plan.invalid`, which names every problem. */
export async function loadPlanFile(file: string): Promise<Plan> {
  const parsed = planSchema.safeParse(await readPlanFile(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || '(plan)'}: ${message}`,
  );
  throw new CasementError({
    code: 'plan.invalid',
    title: 'The plan is not complete or not right',
    whatHappened: `${file} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems[0] ?? ''}`,
    whatToDo: 'Correct the file; "casement plan reference" explains every key.',
    detail: problems.join('\n'),
  });
}

/** The last stage that a plan has parts for. */
export function lastStage(plan: Plan): StageId {
  if (plan.server) return 'connect';
  return plan.image && plan.cloud ? 'publish' : 'cloudbase-init';
}

function unreadable(file: string, why: string): CasementError {
  return new CasementError({
    code: 'plan.unreadable',
    title: 'The plan cannot be read',
    whatHappened: `${file} could not be read as YAML.`,
    whatToDo: 'Check the name of the file and its content.',
    detail: why,
  });
}
