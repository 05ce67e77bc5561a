// The Plan: everything the admin decided, as one plain object with one schema. The wizard edits it, a
// .casement.yaml file is it, the command line runs it. It names secrets, it never holds them.
import { z } from 'zod';
import { cloudSource } from './plan-cloud.ts';
import { connectPlan } from './plan-connect.ts';
import { hostSpec, secretRef } from './plan-host.ts';
import { imageSchema, minimumProblem } from './plan-image.ts';
import { titleOf as name } from './plan-parts.ts';
import { proofSchema } from './plan-proof.ts';
import { serverSpec } from './plan-server.ts';
import { WINDOWS_IDS, windowsProduct } from './windows.ts';

export { hostSpec };

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'a SHA-256 is 64 hexadecimal digits')
  .transform((hash) => hash.toLowerCase());

export const mediaSource = z
  .union([
    z
      .strictObject({ path: z.string().startsWith('/'), sha256: sha256.optional() })
      .describe('A file on the host'),
    z
      .strictObject({ file: z.string().min(1), sha256: sha256.optional() })
      .describe('A file of this workstation'),
    z
      .strictObject({ url: z.url({ protocol: /^https?$/ }), sha256: sha256.optional() })
      .describe('An address the host downloads from'),
  ])
  .describe('Where a file comes from');

const media = z.strictObject({
  windows: mediaSource,
  virtio: mediaSource,
  cloudbaseInit: mediaSource,
});

const disk = z.strictObject({
  sizeGB: z.number().int().min(1).max(16384).describe('Virtual size of the qcow2 in GiB'),
});

const machine = z.strictObject({
  memoryMB: z.number().int().min(512).max(1048576).describe('Memory of the build VM in MiB'),
  cores: z.number().int().min(1).max(64),
  firmware: z.enum(['bios', 'uefi']),
  type: z.enum(['pc', 'q35']),
  diskBus: z.enum(['virtio-blk', 'virtio-scsi']),
  network: z.boolean().describe('User network while building (off keeps Windows Update away from Sysprep)'),
  secureBoot: z.boolean().optional().describe("Secure Boot with Microsoft's keys; needs uefi and q35"),
  tpm: z.boolean().optional().describe('TPM 2.0 (swtpm on the host); needs uefi'),
  accel: z.enum(['auto', 'kvm', 'tcg']).default('auto').describe('auto takes KVM where it really works'),
});

/** A locale as Windows names it (`de-DE`, `zh-Hans-CN`) or, for a keyboard, `0407:00000407`. */
const locale = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'write a locale such as en-US or de-DE');
const keyboard = z
  .string()
  .regex(
    /^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}|[0-9a-fA-F]{4}:[0-9a-fA-F]{8})$/,
    'write a locale such as de-DE, or language and layout such as 0407:00000407',
  );

const setup = z
  .strictObject({
    mode: z
      .enum(['hands-free', 'by-hand'])
      .describe(
        'hands-free: Setup reads its answers from a CD that Casement makes; by-hand: you answer in the screen',
      ),
    edition: z
      .number()
      .int()
      .min(1)
      .max(999)
      .optional()
      .describe(
        'Number of the edition on the Windows CD ("casement media identify" lists them); default: Standard with a desktop',
      ),
    keyboard: keyboard.default('en-US').describe('Keyboard layout'),
    systemLocale: locale.default('en-US').describe('Language of programs that know no Unicode'),
    userLocale: locale.default('en-US').describe('Formats of dates and numbers'),
    timeZone: z
      .string()
      .min(1)
      .max(60)
      .regex(
        /^[A-Za-z0-9 ().+-]+$/,
        'write the Windows name of a time zone, such as UTC or W. Europe Standard Time',
      )
      .default('UTC')
      .describe('Windows name of the time zone'),
    productKey: secretRef
      .optional()
      .describe('Your own product key; without it the public client key, and none on evaluation media'),
  })
  .describe('How Windows is installed');

const fileSource = z
  .union([
    z.strictObject({ path: z.string().startsWith('/') }).describe('A file on the host'),
    z.strictObject({ file: z.string().min(1) }).describe('A file of this workstation'),
  ])
  .describe('Where a script lies');

const cloudbaseInit = z
  .strictObject({
    username: name('Account that gets the password').default('Administrator'),
    settings: z
      .record(
        z
          .string()
          .regex(/^[a-z][a-z0-9_]*$/, 'a setting of cloudbase-init.conf, such as mtu_use_dhcp_config'),
        z.string().regex(/^[ -~]*$/, 'one line of ASCII'),
      )
      .default({})
      .describe('Settings of cloudbase-init.conf that replace the proposed ones'),
  })
  .describe('What Cloudbase-Init does on every new server');

export { type CloudSource, cloudSource } from './plan-cloud.ts';

export const planSchema = z
  .strictObject({
    casement: z.literal(1).describe('Version of this format'),
    name: name('Name of the build'),
    windows: z.enum(WINDOWS_IDS).describe('Which Windows is installed'),
    host: hostSpec,
    media,
    disk,
    machine,
    setup: setup.optional(),
    scripts: z
      .array(fileSource)
      .max(99)
      .optional()
      .describe('Your own scripts (.ps1 or .cmd), run before Cloudbase-Init is installed; hands-free only'),
    updates: z
      .string()
      .startsWith('/')
      .optional()
      .describe('Folder on the host with Windows updates (.msu, .cab) to install; hands-free only'),
    cloudbaseInit: cloudbaseInit.optional(),
    acceptDisk: z
      .string()
      .trim()
      .min(10, 'say in a few words why the disk shall be used although it is not good')
      .max(1000)
      .regex(/^[^\p{Cc}]*$/u, 'no control characters')
      .optional()
      .describe('Why a disk that failed its proof shall be used all the same; goes into the passport'),
    cloud: cloudSource.optional(),
    image: imageSchema.optional(),
    server: serverSpec.optional(),
    proof: proofSchema.optional(),
    connect: connectPlan.optional(),
  })
  .superRefine((plan, context) => {
    const product = windowsProduct(plan.windows);
    if (!product.firmwares.includes(plan.machine.firmware))
      context.addIssue({
        code: 'custom',
        path: ['machine', 'firmware'],
        message: `${product.title} cannot start with ${plan.machine.firmware.toUpperCase()} firmware; use ${product.firmwares.join(' or ')}`,
      });
    if (plan.machine.secureBoot && (plan.machine.firmware !== 'uefi' || plan.machine.type !== 'q35'))
      context.addIssue({
        code: 'custom',
        path: ['machine', 'secureBoot'],
        message: 'Secure Boot needs the firmware uefi and the machine type q35',
      });
    if (plan.machine.tpm && plan.machine.firmware !== 'uefi')
      context.addIssue({
        code: 'custom',
        path: ['machine', 'tpm'],
        message: 'a TPM 2.0 needs the firmware uefi',
      });
    for (const part of ['scripts', 'updates', 'cloudbaseInit'] as const)
      if (plan[part] !== undefined && !handsFree(plan))
        context.addIssue({
          code: 'custom',
          path: [part],
          message: 'only a hands-free build does this: set setup.mode to hands-free',
        });
    const minimum = plan.image ? minimumProblem(plan.image, plan.disk.sizeGB) : null;
    if (minimum !== null)
      context.addIssue({ code: 'custom', path: ['image', 'properties', 'min_disk'], message: minimum });
    if (plan.image && !plan.cloud)
      context.addIssue({
        code: 'custom',
        path: ['cloud'],
        message: 'an image needs a cloud to publish it to',
      });
    if (plan.server && !plan.image)
      context.addIssue({
        code: 'custom',
        path: ['image'],
        message: 'a server needs an image to launch from',
      });
    if (plan.server && !plan.server.adminPass && !plan.server.keypair)
      context.addIssue({
        code: 'custom',
        path: ['server', 'keypair'],
        message:
          'without a chosen password (adminPass) the generated one is encrypted to a key pair: name one',
      });
  });

export type Plan = z.output<typeof planSchema>;
export type HostSpec = z.output<typeof hostSpec>;
export type MediaSource = z.output<typeof mediaSource>;
export type MediaKind = keyof Plan['media'];
export type MachinePlan = Plan['machine'];
export type SetupPlan = NonNullable<Plan['setup']>;

/** Whether Setup gets its answers from a CD, so that nobody touches the build. */
export function handsFree(plan: { readonly setup?: { readonly mode: string } | undefined }): boolean {
  return plan.setup?.mode === 'hands-free';
}

/** How Windows is installed where a plan says only that nobody shall touch it. */
export function setupDefaults(): SetupPlan {
  return setup.parse({ mode: 'hands-free' });
}

/** The disk and machine that the catalogue proposes for a Windows. */
export function proposal(windows: string): Pick<Plan, 'disk' | 'machine'> {
  const product = windowsProduct(windows);
  return {
    disk: { sizeGB: product.diskGB },
    machine: {
      memoryMB: product.memoryMB,
      cores: product.cores,
      firmware: product.firmware,
      type: product.machine,
      diskBus: 'virtio-blk',
      network: false,
      ...(product.wantsTpm ? { secureBoot: true, tpm: true } : {}),
      accel: 'auto',
    },
  };
}
