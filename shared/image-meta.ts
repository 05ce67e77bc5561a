// What Nova and Glance make of an image's properties: which values Nova takes, what each property means, and which names
// belong to Glance. Pure.
// Source: nova/objects/image_meta.py (ImageMetaProps 1.34) and nova/objects/fields.py of Nova 26; values that newer ones
// added are listed too (hw_vif_model igb). A value outside these makes every launch fail.

interface Rule {
  readonly meaning: string;
  readonly values?: readonly string[];
  readonly kind?: 'yes-no' | 'number';
}

const BUSES = ['virtio', 'scsi', 'sata', 'ide', 'usb', 'fdc', 'xen', 'lxc', 'uml'];

const RULES: Readonly<Record<string, Rule>> = {
  os_type: {
    meaning: 'Tells Nova that this is Windows: clock in local time, Hyper-V features on',
    values: ['windows', 'linux'],
  },
  os_distro: { meaning: 'Which Windows, by its name in libosinfo' },
  os_version: { meaning: 'Its internal version number' },
  os_admin_user: { meaning: 'The account that gets the password' },
  os_secure_boot: {
    meaning: 'Secure Boot: optional starts with it where the cloud can, required refuses to start without it',
    values: ['optional', 'required', 'disabled'],
  },
  os_require_quiesce: { meaning: 'Snapshots only while Windows holds its disks still', kind: 'yes-no' },
  hw_disk_bus: { meaning: 'The disk must be attached as it was during the installation', values: BUSES },
  hw_cdrom_bus: { meaning: 'How a CD is attached', values: BUSES },
  hw_rescue_bus: { meaning: 'How the disk is attached in rescue mode', values: BUSES },
  hw_rescue_device: {
    meaning: 'What the disk looks like in rescue mode',
    values: ['disk', 'cdrom', 'floppy', 'fs', 'lun'],
  },
  hw_scsi_model: {
    meaning: 'The controller of that disk',
    values: ['virtio-scsi', 'lsilogic', 'lsisas1068', 'lsisas1078', 'buslogic', 'ibmvscsi', 'vmpvscsi'],
  },
  hw_vif_model: {
    meaning: 'The network card for which a driver was installed',
    values: [
      ...['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'netfront', 'spapr-vlan', 'lan9118'],
      ...['sriov', 'vmxnet', 'vmxnet3', 'igb'],
    ],
  },
  hw_vif_multiqueue_enabled: { meaning: 'Several queues for the network card', kind: 'yes-no' },
  hw_firmware_type: {
    meaning: 'The firmware Windows was installed with: with the other one it does not start',
    values: ['bios', 'uefi'],
  },
  hw_machine_type: { meaning: 'The mainboard Windows was installed on' },
  hw_tpm_version: {
    meaning: 'Every server gets a TPM; only clouds with emulated TPMs can start such servers',
    values: ['2.0', '1.2'],
  },
  hw_tpm_model: { meaning: 'The interface of that TPM', values: ['tpm-crb', 'tpm-tis'] },
  hw_qemu_guest_agent: {
    meaning: 'Opens the channel to the guest agent in Windows: clean snapshots, passwords set by Nova',
    kind: 'yes-no',
  },
  hw_video_model: {
    meaning: 'The graphics card',
    values: ['virtio', 'vga', 'qxl', 'cirrus', 'bochs', 'vmvga', 'xen', 'gop', 'none'],
  },
  hw_video_ram: { meaning: 'Memory of the graphics card, in MB', kind: 'number' },
  hw_input_bus: { meaning: 'How keyboard and mouse are attached', values: ['usb', 'virtio'] },
  hw_pointer_model: { meaning: 'The mouse; usbtablet points where you point', values: ['usbtablet'] },
  hw_rng_model: { meaning: 'A source of random numbers', values: ['virtio'] },
  hw_watchdog_action: {
    meaning: 'What happens to a server that hangs',
    values: ['disabled', 'none', 'pause', 'poweroff', 'reset'],
  },
  hw_viommu_model: { meaning: 'A virtual IOMMU', values: ['auto', 'intel', 'smmuv3', 'virtio'] },
  hw_vm_mode: { meaning: 'How the processor is virtualised', values: ['hvm', 'xen', 'uml', 'exe'] },
  hw_cpu_policy: { meaning: 'Whether servers share processors', values: ['shared', 'dedicated', 'mixed'] },
  hw_cpu_thread_policy: { meaning: 'How threads are placed', values: ['prefer', 'isolate', 'require'] },
  hw_pci_numa_affinity_policy: {
    meaning: 'How strictly PCI devices stay near their processor',
    values: ['required', 'legacy', 'preferred', 'socket'],
  },
  hw_boot_menu: { meaning: 'Shows a menu before the server starts', kind: 'yes-no' },
  hw_pmu: { meaning: 'Performance counters of the processor', kind: 'yes-no' },
  hw_time_hpet: { meaning: 'A further clock (HPET)', kind: 'yes-no' },
  hw_mem_encryption: { meaning: 'Encrypted memory', kind: 'yes-no' },
  hw_locked_memory: { meaning: 'Memory that is never swapped out', kind: 'yes-no' },
  hw_cpu_cores: { meaning: 'Processor cores in a socket', kind: 'number' },
  hw_cpu_sockets: { meaning: 'Processor sockets', kind: 'number' },
  hw_cpu_threads: { meaning: 'Threads of a core', kind: 'number' },
  hw_cpu_max_cores: { meaning: 'Most processor cores in a socket', kind: 'number' },
  hw_cpu_max_sockets: { meaning: 'Most processor sockets', kind: 'number' },
  hw_cpu_max_threads: { meaning: 'Most threads of a core', kind: 'number' },
  hw_numa_nodes: { meaning: 'NUMA nodes', kind: 'number' },
  hw_serial_port_count: { meaning: 'Serial ports', kind: 'number' },
  img_config_drive: {
    meaning: 'Whether every server gets its settings on a CD too',
    values: ['optional', 'mandatory'],
  },
  img_hide_hypervisor_id: { meaning: 'Hides from Windows that it is virtual', kind: 'yes-no' },
  min_disk: { meaning: 'Smallest disk a server may have, in GB', kind: 'number' },
  min_ram: { meaning: 'Smallest memory a server may have, in MB', kind: 'number' },
};

/** Fields of an image that only Glance sets, or that Casement sets in another place. */
const TAKEN = new Set([
  ...[
    'id',
    'name',
    'status',
    'visibility',
    'protected',
    'os_hidden',
    'tags',
    'owner',
    'size',
    'virtual_size',
  ],
  ...['checksum', 'os_hash_algo', 'os_hash_value', 'created_at', 'updated_at', 'file', 'self', 'schema'],
  ...['direct_url', 'locations', 'stores', 'disk_format', 'container_format'],
]);

const YES_NO = /^(1|t|true|on|y|yes|0|f|false|off|n|no)$/i;
/** Longest name of a property in Glance, in characters. */
const LONGEST_NAME = 255;

/** What a property tells Nova, in words; empty for one that Nova does not know. */
export function propertyMeaning(name: string): string {
  return RULES[name]?.meaning ?? (name.startsWith('casement_') ? 'For people: Nova does not look at it' : '');
}

/** Values that Nova takes for a property; empty where it takes any. */
export function propertyValues(name: string): readonly string[] {
  const rule = RULES[name];
  return rule?.kind === 'yes-no' ? ['yes', 'no'] : (rule?.values ?? []);
}

/** Why a property cannot be set so; null when it can. The sentence names what is allowed. */
export function propertyProblem(name: string, value: string): string | null {
  if (name === '' || name.length > LONGEST_NAME || /[\p{Cc}]/u.test(name))
    return 'a property needs a name of at most 255 characters';
  if (TAKEN.has(name)) return `${name} is a field of Glance itself and no property`;
  if (name.startsWith('os_glance_')) return `${name}: names that begin with os_glance_ belong to Glance`;
  if (/[\p{Cc}]/u.test(value)) return `${name}: no control characters`;
  const rule = RULES[name];
  if (rule?.kind === 'number' && !/^\d{1,9}$/.test(value)) return `${name} is a whole number`;
  if (rule?.kind === 'yes-no' && !YES_NO.test(value)) return `${name} is yes or no`;
  // Nova lowers the case of these before it compares.
  const said = ['os_type', 'hw_vif_model'].includes(name) ? value.toLowerCase() : value;
  if (rule?.values && !rule.values.includes(said))
    return `Nova takes for ${name} only ${inWords(rule.values)}`;
  return null;
}

function inWords(values: readonly string[]): string {
  return values.length < 2 ? values.join('') : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
