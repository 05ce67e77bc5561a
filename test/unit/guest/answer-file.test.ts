import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type SetupAnswers, setupAnswerFile } from '../../../electron/guest/answer-setup.ts';
import { sysprepAnswerFile } from '../../../electron/guest/answer-sysprep.ts';
import { hiddenPassword } from '../../../electron/guest/answer-xml.ts';
import { WINDOWS, windowsProduct } from '../../../shared/windows.ts';
import { clientKey } from '../../../shared/windows-keys.ts';

const answers = (change: Partial<SetupAnswers> = {}): SetupAnswers => ({
  product: windowsProduct('2022'),
  machine: { firmware: 'bios', memoryMB: 4096, cores: 2, tpm: false, secureBoot: false },
  uiLanguage: 'en-US',
  keyboard: 'en-US',
  systemLocale: 'en-US',
  userLocale: 'en-US',
  timeZone: 'UTC',
  edition: 2,
  productKey: null,
  organization: 'Server 2022 for the cloud',
  administratorPassword: 'vagrant',
  ...change,
});

interface Node {
  readonly [name: string]: unknown;
}
const LISTS = new Set([
  'settings',
  'component',
  'PathAndCredentials',
  'RunSynchronousCommand',
  'SynchronousCommand',
  'CreatePartition',
  'ModifyPartition',
  'Disk',
  'MetaData',
  'FirewallGroup',
]);
const parse = (xml: string): Node =>
  new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    isArray: (name) => LISTS.has(name),
  }).parse(xml);

/** All elements below a node, by name. */
function all(node: unknown, name: string): Node[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === name ? ((Array.isArray(value) ? value : [value]) as Node[]) : []),
    ...(Array.isArray(value) ? value.flatMap((one) => all(one, name)) : all(value, name)),
  ]);
}

const PASSES = [
  'windowsPE',
  'offlineServicing',
  'generalize',
  'specialize',
  'auditSystem',
  'auditUser',
  'oobeSystem',
];

/** The rules of Microsoft's schema that an answer file of ours could break. */
function broken(xml: string): string[] {
  const valid = XMLValidator.validate(xml);
  if (valid !== true) return [`not well-formed: ${JSON.stringify(valid)}`];
  const root = parse(xml);
  const faults: string[] = [];
  const passes = all(root, 'settings').map((one) => String(one['@_pass']));
  const order = passes.map((pass) => PASSES.indexOf(pass));
  if (order.includes(-1) || order.some((at, index) => index > 0 && at <= (order[index - 1] ?? 0)))
    faults.push(`order of passes: ${passes.join()}`);
  for (const pass of all(root, 'settings')) {
    const names = all(pass, 'component').map((one) => String(one['@_name']));
    if (new Set(names).size !== names.length) faults.push(`a component twice in ${String(pass['@_pass'])}`);
  }
  for (const component of all(root, 'component')) {
    const seen = ['processorArchitecture', 'publicKeyToken', 'language', 'versionScope'].map(
      (name) => component[`@_${name}`],
    );
    if (seen.join() !== 'amd64,31bf3856ad364e35,neutral,nonSxS') faults.push(`attributes: ${seen.join()}`);
  }
  for (const list of ['PathAndCredentials', 'FirewallGroup']) {
    const keys = all(root, list).map((one) => one['@_wcm:keyValue']);
    if (new Set(keys).size !== keys.length || keys.includes(undefined)) faults.push(`keyValue of ${list}`);
  }
  for (const list of ['RunSynchronousCommand', 'SynchronousCommand', 'CreatePartition', 'ModifyPartition'])
    for (const parent of all(root, 'component')) {
      const orders = all(parent, list).map(({ Order }) => Number(Order));
      if (orders.some((one, index) => one !== index + 1)) faults.push(`Order of ${list}: ${orders.join()}`);
    }
  for (const { Key } of all(root, 'ProductKey'))
    if (Key !== undefined && !/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/.test(String(Key)))
      faults.push(`Key ${String(Key)}`);
  for (const { Path } of all(root, 'PathAndCredentials'))
    if (String(Path).length > 259) faults.push('a path longer than Windows takes');
  for (const { CommandLine } of all(root, 'SynchronousCommand'))
    if (String(CommandLine).length > 1024) faults.push('a command longer than Windows takes');
  for (const { Path } of all(root, 'RunSynchronousCommand'))
    if (String(Path).length > 259) faults.push('a command longer than Windows takes');
  return faults;
}

const EDITION: Readonly<Record<string, string>> = { server: 'ServerStandard', client: 'Professional' };
const cases = WINDOWS.flatMap((product) =>
  product.firmwares.flatMap((firmware) =>
    (['volume', 'evaluation'] as const).map((kind) => ({ product, firmware, kind })),
  ),
);

describe('the answer file of Setup', () => {
  it.each(cases.map((one) => [`${one.product.id}-${one.firmware}-${one.kind}`, one] as const))(
    'for %s keeps the schema and is the known one',
    async (name, { product, firmware, kind }) => {
      const xml = setupAnswerFile(
        answers({
          product,
          machine: { firmware, memoryMB: product.memoryMB, cores: 2, tpm: false, secureBoot: false },
          productKey: kind === 'evaluation' ? null : clientKey(product.id, EDITION[product.family] ?? ''),
        }),
      );
      expect(broken(xml)).toEqual([]);
      await expect(xml).toMatchFileSnapshot(`answers/${name}.xml`);
    },
  );

  it('names a published key for the usual edition of every Windows, and none on evaluation media', () => {
    for (const { product, kind } of cases) {
      const key = clientKey(product.id, EDITION[product.family] ?? '');
      expect(key).toMatch(/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/);
      const xml = setupAnswerFile(answers({ product, productKey: kind === 'evaluation' ? null : key }));
      const keys = all(parse(xml), 'ProductKey').flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
      expect(keys).toEqual(kind === 'evaluation' ? [] : [key]);
    }
  });

  it('lays the disk out as the firmware wants it, with nothing behind C:', () => {
    for (const firmware of ['bios', 'uefi'] as const) {
      const xml = parse(setupAnswerFile(answers({ machine: { ...answers().machine, firmware } })));
      const made = all(xml, 'CreatePartition');
      expect(made.map(({ Type }) => Type)).toEqual(
        firmware === 'uefi' ? ['EFI', 'MSR', 'Primary'] : ['Primary', 'Primary'],
      );
      expect(made.at(-1)?.Extend).toBe('true');
      expect(all(xml, 'InstallTo')).toEqual([{ DiskID: '0', PartitionID: String(made.length) }]);
    }
  });

  it('tells Windows 11 to skip only the checks that the machine would fail', () => {
    const skipped = (machine: Partial<SetupAnswers['machine']>, id = '11') =>
      [
        ...setupAnswerFile(
          answers({
            product: windowsProduct(id),
            machine: { firmware: 'uefi', memoryMB: 8192, cores: 4, tpm: true, secureBoot: true, ...machine },
          }),
        ).matchAll(/\/v (Bypass\w+Check)/g),
      ].map(([, name]) => name);
    expect(skipped({})).toEqual([]);
    expect(skipped({ tpm: false })).toEqual(['BypassTPMCheck']);
    expect(skipped({ secureBoot: false, memoryMB: 2048, cores: 1 })).toEqual([
      'BypassSecureBootCheck',
      'BypassRAMCheck',
      'BypassCPUCheck',
    ]);
    expect(skipped({ tpm: false, secureBoot: false }, '2022')).toEqual([]);
  });

  it('hides passwords as Windows reads them', () => {
    // Known from a working builder: rgl/windows-vagrant.
    expect(hiddenPassword('vagrant', 'AdministratorPassword')).toEqual({
      Value: 'dgBhAGcAcgBhAG4AdABBAGQAbQBpAG4AaQBzAHQAcgBhAHQAbwByAFAAYQBzAHMAdwBvAHIAZAA=',
      PlainText: false,
    });
    expect(hiddenPassword('vagrant', 'Password')).toMatchObject({
      Value: 'dgBhAGcAcgBhAG4AdABQAGEAcwBzAHcAbwByAGQA',
    });
  });

  it('masks the password for an admin who only wants to read it', () => {
    const xml = setupAnswerFile(answers({ administratorPassword: null }));
    expect(all(parse(xml), 'AdministratorPassword')).toEqual([{ Value: '***', PlainText: 'false' }]);
    expect(all(parse(xml), 'AutoLogon')[0]?.Password).toEqual({ Value: '***', PlainText: 'false' });
  });

  it('stays well-formed and true for any password and any name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text.isWellFormed()),
        fc.oneof(
          fc.constantFrom(`A & B <"O'Neil"> ]]> <!-- x -->`, 'Größe 日本 🙂', '%PATH% ^& !x!'),
          fc
            .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
            .filter((text) => !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(text)),
        ),
        (password, organization) => {
          const xml = setupAnswerFile(answers({ administratorPassword: password, organization }));
          expect(broken(xml)).toEqual([]);
          const value = String(all(parse(xml), 'AdministratorPassword')[0]?.Value);
          expect(Buffer.from(value, 'base64').toString('utf16le')).toBe(`${password}AdministratorPassword`);
          const found = new XMLParser({ parseTagValue: false, trimValues: false, htmlEntities: true }).parse(
            xml,
          );
          expect(all(found, 'Organization')).toEqual([[...organization].slice(0, 63).join('')]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the answer file of Sysprep', () => {
  it.each(WINDOWS.map((product) => [product.id, product] as const))(
    'for %s keeps the schema, lets Remote Desktop in and holds no password',
    async (id, product) => {
      const xml = sysprepAnswerFile(answers({ product }));
      expect(broken(xml)).toEqual([]);
      expect(xml).toContain('<fDenyTSConnections>false</fDenyTSConnections>');
      expect(xml).toContain('<Profile>all</Profile>');
      expect(xml).not.toMatch(/Password>/);
      await expect(xml).toMatchFileSnapshot(`answers/sysprep-${id}.xml`);
    },
  );

  it('goes on when Cloudbase-Init fails, instead of restarting without end', () => {
    const commands = all(parse(sysprepAnswerFile(answers())), 'RunSynchronousCommand');
    expect(commands.at(-1)?.Path).toMatch(/cloudbase-init\.exe.*exit 1 \|\| exit 0"$/);
  });
});
