import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { readBuildLog } from '../../../electron/guest/build-log.ts';
import { BUILD_CMD, BUILD_PS1, PHASE_STEPS } from '../../../electron/guest/build-script.ts';
import { symptomIn } from '../../../electron/guest/symptoms.ts';

let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  const require = createRequire(import.meta.url);
  const grammar = require.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
});

/** Pieces of a script that the grammar of PowerShell does not know. */
function misread(script: string): string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if (node.isError || node.isMissing)
      found.push(`line ${node.startPosition.row + 1}: ${node.text.slice(0, 60)}`);
    for (const child of node.children) if (child) walk(child);
  };
  const tree = parser.parse(script);
  if (tree) walk(tree.rootNode);
  return found;
}

describe('the build script', () => {
  it('is PowerShell', () => {
    expect(misread(BUILD_PS1)).toEqual([]);
    expect(misread(BUILD_PS1.replace("Phase 'install' {", "Phase 'install' {{")).length).toBeGreaterThan(0);
  });

  it('uses nothing that PowerShell 2.0 lacks', () => {
    expect(BUILD_PS1).not.toMatch(
      /-in \$|\[ordered\]|\?\?|&&|\|\||Get-CimInstance|-PipelineVariable|::new\(/,
    );
  });

  it('is ASCII with the line ends of Windows', () => {
    for (const text of [BUILD_PS1, BUILD_CMD]) {
      expect(text).toMatch(/^[\t\r\n\x20-\x7e]*$/);
      expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    }
  });

  it('has the steps that it is said to have, phase by phase', () => {
    for (const [phase, steps] of Object.entries(PHASE_STEPS)) {
      const block = BUILD_PS1.split(`Phase '${phase}' {\r\n`)[1]?.split('\r\n}\r\n')[0] ?? '';
      expect([...block.matchAll(/^ {4}Step '([a-z-]+)' '[^']+' \{\r$/gm)].map(([, id]) => id)).toEqual([
        ...steps,
      ]);
    }
  });
});

describe('what it tells on COM1', () => {
  const told = [
    'BdsDxe: starting Boot0001\r',
    'casement: begin setup 0\r',
    'casement: begin install 4\r',
    'casement: step 1 drivers Installing the virtio drivers\r',
    'casement: note The publishers could not be trusted: x\r',
    'casement: step 2 guest-agent Installing the QEMU guest agent\r',
    'casement: end install\r',
    '',
  ];

  it('is read line by line', () => {
    expect(readBuildLog(told.join('\n'))).toEqual({
      setups: 1,
      phase: 'install',
      steps: 4,
      step: { number: 2, id: 'guest-agent', title: 'Installing the QEMU guest agent' },
      told: [
        { phase: 'install', number: 1, id: 'drivers', title: 'Installing the virtio drivers' },
        { phase: 'install', number: 2, id: 'guest-agent', title: 'Installing the QEMU guest agent' },
      ],
      notes: ['The publishers could not be trusted: x'],
      failed: null,
      ended: 'install',
    });
    expect(readBuildLog('casement: failed sysprep Sysprep did not finish. 0x80310039\r\n').failed).toEqual({
      id: 'sysprep',
      text: 'Sysprep did not finish. 0x80310039',
    });
  });

  it('counts only once its line is complete', () => {
    const text = told.join('\n');
    for (let at = 0; at <= text.length; at += 1) {
      const log = readBuildLog(text.slice(0, at));
      expect(log.ended).toBe(at === text.length ? 'install' : null);
      expect(log.step?.title ?? '').toMatch(
        /^(|Installing the virtio drivers|Installing the QEMU guest agent)$/,
      );
    }
  });

  it('cannot be flooded', () => {
    const log = readBuildLog('casement: note again\r\n'.repeat(10_000));
    expect(log.notes.length).toBe(200);
  });
});

describe('symptoms', () => {
  it.each([
    ['SYSPRP BitLocker-Sysprep: BitLocker is on for the OS volume. (0x80310039)', 'bitlocker'],
    ['Package Edge was installed for a user, but not provisioned for all users.', 'appx'],
    ["could not apply the unattend answer file's <DiskConfiguration> setting", 'disk-configuration'],
    ['The product key entered does not match any of the Windows images', 'product-key'],
    ['failed cloudbase-init msiexec.exe ended with code 1603: /i', 'msi'],
    ['powershell.exe ended with code 1: -File "E:\\casement\\scripts\\01-a.ps1"', 'own-script'],
  ])('%s is told as %s', (text, id) => {
    const symptom = symptomIn(text);
    expect(symptom?.id).toBe(id);
    expect(symptom?.whatToDo).not.toBe('');
  });

  it('are none where nothing is known', () => {
    expect(symptomIn('all is well')).toBeNull();
  });
});
