// The PowerShell (and cmd) form of an openrc file, read as data like the Bash form. Pure.

/** Variables by name; null for one whose value is not in the file. */
export type Values = Map<string, string | null>;

const FORMS: readonly RegExp[] = [
  /^\$(?:env:|\{env:)([A-Za-z_]\w*)\}?\s*=\s*(.*)$/i,
  /^(?:Set-Item|New-Item)\s+(?:-Path\s+)?["']?Env:[\\/]?([A-Za-z_]\w*)["']?\s+(?:-Value\s+)?(.*)$/i,
  /^\[(?:System\.)?Environment\]::SetEnvironmentVariable\(\s*["']([A-Za-z_]\w*)["']\s*,\s*(.*?)(?:,\s*["'[][^"']*["']?)?\s*\)\s*;?$/i,
];
/** `$name = …`: a variable of the script, which later lines may use. */
const SCRIPT_VARIABLE = /^\$([A-Za-z_]\w*)\s*=\s*(.*)$/;
/** cmd: everything to the end of the line is the value, or what stands in quotes around the whole assignment. */
const CMD = /^@?set\s+(?:"(OS_\w+)=([^"]*)"|(OS_\w+)=(.*))$/i;

/** Takes what a line of PowerShell or cmd sets into `values`; false when it is no such line. */
export function readPowershell(line: string, values: Values): boolean {
  // Several assignments may stand in one line.
  const statements = line.startsWith('$') ? splitStatements(line) : [line];
  return statements.map((statement) => readStatement(statement, values)).some(Boolean);
}

function readStatement(line: string, values: Values): boolean {
  for (const form of FORMS) {
    const found = form.exec(line);
    if (!found) continue;
    values.set((found[1] ?? '').toUpperCase(), valueIn(found[2] ?? '', values));
    return true;
  }
  const script = SCRIPT_VARIABLE.exec(line);
  if (script) {
    values.set(scriptName(script[1] ?? ''), valueIn(script[2] ?? '', values));
    return true;
  }
  const cmd = CMD.exec(line);
  if (cmd) values.set((cmd[1] ?? cmd[3] ?? '').toUpperCase(), cmd[2] ?? cmd[4] ?? '');
  return cmd !== null;
}

/** Semicolons outside quotes end a statement. */
function splitStatements(line: string): string[] {
  return (line.match(/(?:'[^']*'|"(?:[^"`]|`.)*"|[^;'"])+/g) ?? [line]).map((part) => part.trim());
}

/** A quoted text is a value, known variables in it are filled in; anything computed (a prompt) is not. */
function valueIn(text: string, values: Values): string | null {
  const single = /^'((?:[^']|'')*)'/.exec(text);
  if (single) return (single[1] ?? '').replaceAll("''", "'");
  const double = /^"((?:[^"`]|`.|"")*)"/.exec(text);
  if (double) return filledIn(double[1] ?? '', values);
  const variable = /^\$\{?(env:)?([A-Za-z_]\w*)\}?\s*(?:#.*)?$/i.exec(text);
  if (variable) return lookUp(variable[1], variable[2] ?? '', values);
  const bare = /^([\w.:/@-]+)\s*(?:#.*)?$/.exec(text);
  return bare && !/^(Read-Host|Get-Credential)/i.test(text) ? (bare[1] ?? '') : null;
}

const INSIDE = /`(.)|""|\$\{?(env:)?([A-Za-z_]\w*)\}?|\$\(/gi;

function filledIn(text: string, values: Values): string | null {
  let known = true;
  const filled = text.replace(INSIDE, (whole, escaped?: string, env?: string, name?: string) => {
    if (escaped !== undefined) return escaped;
    if (whole === '""') return '"';
    const value = name === undefined ? null : lookUp(env, name, values);
    known &&= value !== null;
    return value ?? '';
  });
  return known ? filled : null;
}

function lookUp(env: string | undefined, name: string, values: Values): string | null {
  return values.get(env ? name.toUpperCase() : scriptName(name)) ?? null;
}

/** Variables of a script are kept apart from those of the environment. */
const scriptName = (name: string): string => `$${name.toLowerCase()}`;
