// Everything is checked before anything is launched: what fails later in a cloud fails mutely. Pure.
import { CasementError } from '../../../shared/errors.ts';
import type { LaunchFinding } from '../../../shared/views-launch.ts';
import { checkCloud } from './check-cloud.ts';
import { checkNetwork } from './check-network.ts';
import { checkPassword } from './check-password.ts';
import { judge } from './judge.ts';
import type { LaunchFacts } from './types.ts';

/** Windows' computer names end after this many characters (NetBIOS). */
const COMPUTER_NAME = 15;

/** What speaks for and against this launch; one failed finding keeps it from beginning. */
export function checkLaunch(facts: LaunchFacts): LaunchFinding[] {
  return [nameFinding(facts), ...checkCloud(facts), ...checkNetwork(facts), ...checkPassword(facts)];
}

/** Throws `launch.refused` with every failed finding. */
export function refuseFailed(findings: readonly LaunchFinding[]): void {
  const failed = findings.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (!first) return;
  const more = failed.length - 1;
  throw new CasementError({
    // Windows ignores a bad password in silence; callers know this refusal by its own name.
    code: first.id === 'password' ? 'launch.password-refused' : 'launch.refused',
    title: more === 0 ? 'This launch would fail' : `This launch would fail for ${failed.length} reasons`,
    whatHappened: failed.map(({ text }) => text).join(' '),
    whatToDo: failed.map(({ fix }) => fix ?? '').join(' '),
    detail: failed.map(({ id, text }) => `${id}: ${text}`).join('\n'),
  });
}

/** What Windows will be called: Nova makes a host name of the server's, Windows cuts it. */
export function computerName(name: string): string {
  return hostName(name).slice(0, COMPUTER_NAME).replace(/-+$/, '');
}

function hostName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ _.]/g, '-')
    .replace(/[^a-z0-9-]/g, '')
    .replace(/^-+/, '');
}

function nameFinding({ names, taken }: LaunchFacts): LaunchFinding {
  const { passed, warned } = judge('names', 'Names');
  const inside = names.map(computerName);
  const twice = names.filter((_, i) => inside.indexOf(inside[i] ?? '') !== i);
  if (twice.length > 0)
    return warned(
      `Windows cuts its name after ${COMPUTER_NAME} characters: ${names[0]} and ${twice[0]} would both be called ${inside[0]} inside.`,
      'Choose a shorter name, so that the number is not cut off.',
    );
  const known = names.filter((name) => taken.includes(name));
  if (known.length > 0)
    return warned(
      `The project has a server called ${known.slice(0, 3).join(', ')} already; the cloud allows that.`,
      'Choose another name if you want to tell them apart.',
    );
  if (inside.some((name) => name === '' || /^\d+$/.test(name)))
    return warned(
      `The name "${names[0]}" holds nothing that can be a computer's name.`,
      'Use letters, digits and hyphens, with at least one letter.',
    );
  const called =
    names.length === 1
      ? `The server is called ${names[0]}`
      : `The servers are called ${names[0]} to ${names.at(-1)}`;
  const [first = ''] = inside;
  return passed(
    hostName(names[0] ?? '').length > COMPUTER_NAME
      ? `${called}; Windows cuts its own name after ${COMPUTER_NAME} characters: ${first}.`
      : `${called}.`,
  );
}
