import { describe, expect, it } from 'vitest';
import { propertyProblem, propertyValues } from '../../../shared/image-meta.ts';
import { derivedProperties } from '../../../shared/image-properties.ts';
import { planSchema, proposal } from '../../../shared/plan.ts';
import { WINDOWS_IDS } from '../../../shared/windows.ts';
import { examplePlan } from '../run/example.ts';

/** The problems a plan with this image has, as `path: sentence`. */
const problems = (image: object): string[] =>
  planSchema
    .safeParse({ ...examplePlan, image: { name: 'Win', ...image } })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('properties', () => {
  it('that Nova would refuse are refused with the values it takes', () => {
    expect(propertyProblem('hw_firmware_type', 'efi')).toBe(
      'Nova takes for hw_firmware_type only bios or uefi',
    );
    expect(propertyProblem('hw_disk_bus', 'nvme')).toContain('virtio, scsi, sata');
    expect(propertyProblem('hw_qemu_guest_agent', 'perhaps')).toBe('hw_qemu_guest_agent is yes or no');
    expect(propertyProblem('hw_cpu_cores', 'two')).toBe('hw_cpu_cores is a whole number');
    expect(problems({ properties: { hw_vif_model: 'intel' } })).toEqual([
      expect.stringMatching(
        /^image\.properties\.hw_vif_model: Nova takes for hw_vif_model only virtio, e1000/,
      ),
    ]);
  });

  it('that only Glance sets cannot be set', () => {
    for (const name of ['id', 'status', 'size', 'os_hash_value', 'os_glance_import_task', ''])
      expect(propertyProblem(name, 'x'), name).not.toBeNull();
  });

  it('of an admin may have any name and value else', () => {
    expect(propertyProblem('department', 'IT & friends')).toBeNull();
    expect(propertyProblem('os_type', 'Windows')).toBeNull();
    expect(propertyProblem('os_distro', 'win2k22')).toBeNull();
  });

  it('that are derived are ones Nova takes, for every Windows', () => {
    for (const windows of WINDOWS_IDS)
      for (const diskBus of ['virtio-blk', 'virtio-scsi'] as const) {
        const { machine } = proposal(windows);
        const built = { windows, machine: { ...machine, diskBus }, image: { tpm: true } };
        for (const [name, value] of Object.entries(derivedProperties(built, { guestAgent: true })))
          expect(propertyProblem(name, value), `${windows} ${name}`).toBeNull();
      }
  });

  it('follow from what is built and found, and can be left out', () => {
    const { machine } = proposal('11');
    const built = { windows: '11', machine } as const;
    expect(derivedProperties(built)).toMatchObject({ hw_firmware_type: 'uefi', os_secure_boot: 'optional' });
    expect(derivedProperties(built)).not.toHaveProperty('hw_tpm_version');
    expect(derivedProperties({ ...built, image: { tpm: true } })).toMatchObject({
      hw_tpm_version: '2.0',
      hw_tpm_model: 'tpm-crb',
    });
    expect(derivedProperties(built, { guestAgent: true })).toMatchObject({ hw_qemu_guest_agent: 'yes' });
    const cloudbaseInit = { username: 'Chef', settings: {} };
    expect(derivedProperties({ ...built, cloudbaseInit })).toMatchObject({ os_admin_user: 'Chef' });
    expect(derivedProperties({ ...built, image: { without: ['os_secure_boot'] } })).not.toHaveProperty(
      'os_secure_boot',
    );
  });

  it('of yes-no kind offer both words', () => {
    expect(propertyValues('hw_qemu_guest_agent')).toEqual(['yes', 'no']);
    expect(propertyValues('os_distro')).toEqual([]);
  });
});

describe('the image of a plan', () => {
  it('never asks for less disk than there is inside', () => {
    expect(problems({ properties: { min_disk: '20' } })).toEqual([
      'image.properties.min_disk: min_disk must be at least 40: the disk inside the image has 40 GB',
    ]);
    expect(problems({ properties: { min_disk: '50' } })).toEqual([]);
  });

  it('has members by project id, and only when it is shared', () => {
    expect(problems({ visibility: 'shared', members: ['0123456789abcdef0123456789abcdef'] })).toEqual([]);
    expect(problems({ members: ['0123456789abcdef0123456789abcdef'] })[0]).toContain('visibility shared');
    expect(problems({ visibility: 'shared', members: ['My Project'] })[0]).toContain('id of the project');
  });

  it('says where Glance fetches from when, and only when, Glance fetches', () => {
    expect(problems({ method: 'web-download' })[0]).toContain('address');
    expect(problems({ method: 'web-download', url: 'https://files.example/win.qcow2' })).toEqual([]);
    expect(problems({ url: 'https://files.example/win.qcow2' })[0]).toContain('web-download');
  });
});
