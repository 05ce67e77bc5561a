// Takes a secret out of an answer that quotes the refused request. Pure.

/** What stands in a secret's place. */
const HIDDEN = '•••';

/** `text` without `secret`, however JSON, Python (services quote with `repr`), HTML or all of them wrote it down. */
export function hide(text: string, secret: string | undefined): string {
  if (secret === undefined || secret === '') return text;
  const forms = new Set<string>();
  for (const quoted of [secret, ...pythonForms(secret)])
    for (const escaped of [quoted, html(quoted, '&#x27;'), html(quoted, '&#39;'), html(quoted, "'")])
      for (const form of [escaped, json(escaped), ascii(json(escaped))]) forms.add(form);
  // The longest first: a shorter one may be a part of it.
  return [...forms]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, HIDDEN), text);
}

/** The inside of a JSON text. */
function json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As Python's json writes by default: nothing beyond ASCII. */
function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The inside of Python's `repr`: it escapes the single quote only where both kinds occur. */
function pythonForms(text: string): string[] {
  const plain = text
    .replaceAll('\\', '\\\\')
    .replace(/[\n\r\t]/g, (c) => ({ '\n': '\\n', '\r': '\\r' })[c] ?? '\\t');
  return [plain, plain.replaceAll("'", "\\'")];
}

function html(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}
