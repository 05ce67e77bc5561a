// What all answer files are made of: passes that hold components, written as well-formed XML. Pure.
// Source: Microsoft "Unattended Windows Setup Reference"; the attributes of a component are the same for every one of them.
import { create } from 'xmlbuilder2';

/** The content of an element: text, or elements by name in their order; a list repeats its name. */
export type Content = string | number | boolean | { readonly [name: string]: Content | readonly Content[] };

/** Components of one pass by name, in the order in which they are written. */
type Components = readonly (readonly [name: string, content: Content])[];

const NAMESPACE = 'urn:schemas-microsoft-com:unattend';
const WCM = 'http://schemas.microsoft.com/WMIConfig/2002/State';
/** Microsoft's own key; `nonSxS` and `neutral` are what every component of Windows bears. */
const COMPONENT = {
  '@processorArchitecture': 'amd64',
  '@publicKeyToken': '31bf3856ad364e35',
  '@language': 'neutral',
  '@versionScope': 'nonSxS',
  '@xmlns:wcm': WCM,
} as const;
/** The library wants the namespace of a prefixed attribute beside its name. */
const ACTION = `@wcm:action@${WCM}`;
const KEY = `@wcm:keyValue@${WCM}`;

/** An answer file from its passes; a pass or a component without content is left out. */
export function answerFile(passes: readonly (readonly [pass: string, components: Components])[]): string {
  const settings = passes
    .map(([pass, components]) => ({
      '@pass': pass,
      component: components
        .filter(([, content]) => typeof content !== 'object' || Object.keys(content).length > 0)
        .map(([name, content]) => ({ '@name': name, ...COMPONENT, ...(content as object) })),
    }))
    .filter(({ component }) => component.length > 0);
  const text = create(
    { version: '1.0', encoding: 'utf-8' },
    { unattend: { '@xmlns': NAMESPACE, settings } },
  ).end({ prettyPrint: true, wellFormed: true });
  return `${text}\n`;
}

/** What stands in place of a secret where an admin reads what Setup would be told. */
export const MASK = '***';

/** Elements of a list: each is added, with an order where Setup wants one. */
export function added(items: readonly Content[], ordered = false): Content[] {
  return items.map((item, index) => ({
    [ACTION]: 'add',
    ...(ordered ? { Order: index + 1 } : {}),
    ...(item as object),
  }));
}

/** Elements of a list that are told apart by a key. */
export function keyed(items: readonly (readonly [key: string, content: Content])[]): Content[] {
  return items.map(([key, content]) => ({
    [ACTION]: 'add',
    [KEY]: key,
    ...(content as object),
  }));
}

/**
 * A password as Setup reads it with `PlainText` false: base64 of UTF-16LE text that ends with the element's name. This
 * hides it from a glance only. null writes a mask.
 */
export function hiddenPassword(
  password: string | null,
  element: 'AdministratorPassword' | 'Password',
): Content {
  if (password === null) return { Value: MASK, PlainText: false };
  return { Value: Buffer.from(`${password}${element}`, 'utf16le').toString('base64'), PlainText: false };
}
