// A plan as a file: read, checked, and what it is good for.
import { readFile } from 'node:fs/promises';
import { parse, YAMLParseError } from 'yaml';
import { CasementError } from '../../shared/errors.ts';
import { type Plan, planSchema } from '../../shared/plan.ts';
import { STAGES, type StageId } from '../../shared/stages.ts';
import { usageError } from './output.ts';

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
  return plan.image && plan.cloud ? 'publish' : 'finish';
}

/** Throws `usage` when a variable that the plan names for a secret is not set; only secrets needed up to `until` count. */
export function checkVariables(plan: Plan, until: StageId, env: NodeJS.ProcessEnv): void {
  const needed = (part: unknown, from: StageId): string[] =>
    STAGES.indexOf(until) >= STAGES.indexOf(from) ? variables(part) : [];
  const named = [
    ...needed(plan.host, 'host'),
    ...needed(plan.setup, 'install'),
    ...needed(plan.cloud, 'publish'),
    ...needed(plan.server, 'launch'),
  ];
  const missing = [...new Set(named)].filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw usageError(
    `The plan takes a secret from the environment variable ${missing.join(', ')}, which is not set.`,
    'Set the variable and call the command again, or write ask:LABEL in the plan to be asked.',
  );
}

/** Fields of a plan's part that name a secret. */
const SECRETS = ['password', 'passphrase', 'secret', 'privateKeyPassphrase', 'adminPass', 'productKey'];

function variables(part: unknown): string[] {
  return Object.entries(part ?? {}).flatMap(([key, value]) =>
    SECRETS.includes(key) && typeof value === 'string' && value.startsWith('env:')
      ? [value.slice('env:'.length)]
      : [],
  );
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
