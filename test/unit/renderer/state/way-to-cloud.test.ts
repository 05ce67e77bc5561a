import { describe, expect, it } from 'vitest';
import { wayToCloud } from '../../../../renderer/state/way-to-cloud.ts';
import type { CloudView, Finding, ProbeReport } from '../../../../shared/views.ts';

const cloud = { authUrl: 'https://cloud.example:5000/v3' } as CloudView;
const finding = { id: 'cloud', title: 'Way to the cloud', status: 'passed' } as Finding;
const probe = { findings: [{ id: 'qemu' }, finding] } as unknown as ProbeReport;

describe('the way to the cloud', () => {
  it('is known once the host was asked about this cloud', () => {
    expect(wayToCloud({ cloud, probe, probedCloud: cloud.authUrl })).toBe(finding);
  });

  it('is not known from what the host said about another cloud or none', () => {
    expect(wayToCloud({ cloud, probe, probedCloud: 'https://other.example/v3' })).toBeNull();
    expect(wayToCloud({ cloud, probe, probedCloud: null })).toBeNull();
  });

  it('is not told before somebody signed in', () => {
    expect(wayToCloud({ cloud: null, probe, probedCloud: null })).toBeNull();
  });
});
