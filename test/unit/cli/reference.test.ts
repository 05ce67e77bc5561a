import { describe, expect, it } from 'vitest';
import { findingText } from '../../../electron/cli/hosts.ts';
import { planJsonSchema } from '../../../electron/cli/plans.ts';
import { bar, clock, progressText } from '../../../electron/cli/progress.ts';
import { planReference } from '../../../electron/cli/reference.ts';

describe('the reference of a plan', () => {
  const text = planReference(planJsonSchema());

  it('names every key of the schema, of every shape', () => {
    for (const key of [
      'casement',
      'windows',
      'host.address',
      'host.jump',
      'media.windows.url',
      'media.cloudbaseInit.file',
      'disk.sizeGB',
      'machine.accel',
      'cloud.cloud',
      'cloud.authUrl',
      'image.upload',
      'image.properties',
      'server.adminPass',
      'connect.client',
    ])
      expect(text, key).toContain(`\`${key}\``);
  });

  it('says what a key defaults to', () => {
    expect(text).toMatch(/`image\.visibility`.*Default: `"private"`/);
  });
});

describe('what the terminal shows', () => {
  const progress = {
    rate: 2e6,
    etaSeconds: 62,
    message: 'Sending',
    lastActivity: '',
    unit: 'bytes' as const,
  };

  it('draws a bar with rate and time left', () => {
    expect(progressText({ ...progress, done: 5e6, total: 1e7 })).toBe(
      '[============            ]  50 %  5.0 of 10.0 MB  2.0 MB/s  1:02 left  Sending',
    );
    expect(progressText({ ...progress, done: 5e6, total: null, rate: null, etaSeconds: null })).toBe(
      '5.0 MB  Sending',
    );
  });

  it('never draws past the end of a bar', () => {
    expect(bar(200, 100)).toBe(bar(100, 100));
    expect(bar(-1, 100)).toBe(bar(0, 100));
    expect(clock(3723)).toBe('1:02:03');
  });

  it('names what a host lacks with the command that installs it', () => {
    const finding = {
      id: 'qemu',
      title: 'QEMU',
      value: 'missing',
      meaning: 'No VM can run.',
      required: true,
    };
    expect(findingText({ ...finding, status: 'failed', fix: 'apt-get install -y qemu-system-x86' })).toBe(
      '✘ QEMU: missing\n    No VM can run.\n    Fix: apt-get install -y qemu-system-x86',
    );
  });
});
