// Commands about plans: check, schema, reference.
import type { Command } from 'commander';
import { z } from 'zod';
import { planSchema } from '../../shared/plan.ts';
import { checkPlan } from '../backend/app.ts';
import { withJson } from './options.ts';
import { EXIT, ExitError, print, printJson } from './output.ts';
import { readPlanFile } from './plan-file.ts';
import { type JsonSchema, planReference } from './reference.ts';

/** The JSON schema of a plan, as an editor wants it: what may be written, defaults left out. */
export function planJsonSchema(): JsonSchema {
  return z.toJSONSchema(planSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Adds `plan check`, `plan schema` and `plan reference`. */
export function addPlanCommands(program: Command): void {
  const plan = program.command('plan').summary('check and explain plan files');
  withJson(plan.command('check'))
    .argument('<plan>', 'plan file')
    .summary('say what is wrong with a plan; exit code 2 when something is')
    .addHelpText('after', '\nExample:\n  casement plan check server2022.casement.yaml')
    .action(async (file: string, flags: { json?: boolean }) => {
      const { ok, problems } = checkPlan(await readPlanFile(file));
      if (flags.json) printJson({ ok, problems });
      else if (ok) print('The plan is complete.');
      else for (const { path, message } of problems) print(`${path || '(plan)'}: ${message}`);
      if (!ok) throw new ExitError(EXIT.usage);
    });
  withJson(plan.command('schema'))
    .summary('print the JSON schema of a plan')
    .addHelpText('after', '\nExample:\n  casement plan schema > casement.schema.json')
    .action(() => print(JSON.stringify(planJsonSchema(), null, 2)));
  plan
    .command('reference')
    .summary("print the reference of a plan's keys as Markdown")
    .addHelpText('after', '\nExample:\n  casement plan reference > docs/plan.md')
    .action(() => print(planReference(planJsonSchema()).trimEnd()));
}
