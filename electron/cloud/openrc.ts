// An openrc file read as data: its assignments are understood, nothing in it is ever executed. Knows the Bash form
// that Horizon hands out and the PowerShell form. Pure.
import { CasementError } from '../../shared/errors.ts';
import type { Settings } from './credentials.ts';
import { readPowershell, type Values } from './openrc-powershell.ts';

export interface Openrc {
  /** Values by openstacksdk name (`OS_USER_DOMAIN_NAME` → `user_domain_name`). */
  readonly settings: Settings;
  /** The file asks for the password at a prompt (or computes it), so somebody must give it. */
  readonly asksPassword: boolean;
}

const ASSIGNMENT = /(?:^|[\s;])(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=/y;

/** Reads the text of an openrc file. Throws `cloud.bad-openrc` when it sets no OS_ variable at all. */
export function parseOpenrc(text: string, file: string): Openrc {
  const values: Values = new Map();
  const plain = text.replace(/^\uFEFF/, '');
  for (const line of plain.split(/\r?\n/)) readLine(line.trim(), values);
  const settings: Record<string, string> = {};
  // Horizon writes empty variables and unsets them in the next line: empty means unset.
  for (const [name, value] of values)
    if (name.startsWith('OS_') && value) settings[name.slice(3).toLowerCase()] = value;
  if (!settings.auth_url && !settings.username)
    throw new CasementError({
      code: 'cloud.bad-openrc',
      title: 'This is not an openrc file',
      whatHappened: `${file} sets neither OS_AUTH_URL nor OS_USERNAME.`,
      whatToDo: 'Download the "OpenStack RC File" from Horizon (Project, API Access) and choose that one.',
    });
  const prompts = /\bread\s+-|\bRead-Host\b|\bGet-Credential\b/i.test(plain);
  const asks = values.get('OS_PASSWORD') === null || (!values.has('OS_PASSWORD') && prompts);
  return { settings, asksPassword: asks && !settings.password };
}

function readLine(line: string, values: Values): void {
  if (line === '' || line.startsWith('#') || line.startsWith('if ')) return;
  const unset = /^unset\s+(.+)$/.exec(line) ?? /^Remove-Item\s+(?:-Path\s+)?Env:[\\/]?(\w+)/i.exec(line);
  if (unset) {
    for (const name of (unset[1] ?? '').split(/\s+/)) values.delete(name);
    return;
  }
  if (readPowershell(line, values)) return;
  let at = 0;
  while (at < line.length) {
    ASSIGNMENT.lastIndex = at;
    const found = ASSIGNMENT.exec(line);
    if (!found) return;
    const word = shellWord(line, ASSIGNMENT.lastIndex, values);
    values.set(found[1] ?? '', word.value);
    at = word.end;
  }
}

/** One word of a shell line from `start`; value null when it depends on something that is not in the file. */
function shellWord(
  line: string,
  start: number,
  values: ReadonlyMap<string, string | null>,
): { value: string | null; end: number } {
  let out = '';
  let known = true;
  let quote: '"' | "'" | null = null;
  let i = start;
  for (; i < line.length; i++) {
    const c = line[i] ?? '';
    if (quote === "'") {
      if (c === "'") quote = null;
      else out += c;
    } else if (c === '\\' && (quote === null || /["\\$`]/.test(line[i + 1] ?? ''))) {
      out += line[++i] ?? '';
    } else if (c === '"') quote = quote ? null : '"';
    else if (c === "'" && quote === null) quote = "'";
    else if (c === '`') known = false;
    else if (c === '$') {
      const name = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(line.slice(i));
      const value = name ? values.get(name[1] ?? name[2] ?? '') : undefined;
      if (name && typeof value === 'string') out += value;
      else known = false;
      if (name) i += name[0].length - 1;
    } else if (quote === null && /[\s;#&|]/.test(c)) break;
    else out += c;
  }
  return { value: known ? out : null, end: i };
}
