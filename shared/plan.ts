// The Plan: everything the admin decided, as one plain object with one schema. The wizard edits it, a
// .casement.yaml file is it, the command line runs it. It names secrets, it never holds them.
import { z } from 'zod';
import { WINDOWS_IDS, windowsProduct } from './windows.ts';

/** Names a secret and where it lies: `env:NAME` (environment), `keyring:NAME` (desktop keyring) or `ask:LABEL`. */
export const secretRef = z
  .string()
  .regex(/^(env|keyring|ask):.+$/, 'write env:NAME, keyring:NAME or ask:LABEL')
  .describe('Where a secret lies; never the secret itself');

export const hostSpec = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('local') }).describe('This computer (Linux)'),
    z.strictObject({
      kind: z.literal('ssh'),
      address: z
        .string()
        .min(1)
        .describe('ssh://user@host:port, user@host, or a Host alias of ~/.ssh/config'),
      identity: z.string().optional().describe('Private key file (OpenSSH, PEM or PPK)'),
      jump: z.array(z.string()).optional().describe('Jump hosts in the order they are passed'),
      knownHosts: z.string().optional().describe('known_hosts file to use and to write'),
      agent: z.boolean().optional().describe('Offer the keys of the SSH agent (default: yes)'),
      password: secretRef.optional(),
      passphrase: secretRef.optional(),
    }),
  ])
  .describe('The KVM host that builds the image');

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

export const cloudSource = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('clouds.yaml'),
      cloud: z.string().min(1),
      file: z.string().optional().describe('clouds.yaml to read instead of the usual search path'),
      region: z.string().optional(),
      caFile: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal('openrc'),
      file: z.string().min(1),
      password: secretRef.optional().describe('When the openrc file asks for the password'),
      region: z.string().optional(),
      caFile: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal('password'),
      authUrl: z.url({ protocol: /^https?$/ }),
      username: z.string().min(1),
      userDomain: z.string().default('Default'),
      project: z.string().min(1),
      projectDomain: z.string().default('Default'),
      password: secretRef,
      region: z.string().optional(),
      caFile: z.string().optional(),
    }),
    z.strictObject({
      kind: z.literal('application-credential'),
      authUrl: z.url({ protocol: /^https?$/ }),
      id: z.string().min(1),
      secret: secretRef,
      region: z.string().optional(),
      caFile: z.string().optional(),
    }),
  ])
  .describe('How to sign in to OpenStack');

const name = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters')
    .describe(what);

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
  accel: z.enum(['auto', 'kvm', 'tcg']).default('auto').describe('auto takes KVM where it really works'),
});

const image = z.strictObject({
  name: name('Name of the Glance image'),
  visibility: z.enum(['private', 'shared', 'community', 'public']).default('private'),
  upload: z
    .enum(['auto', 'host', 'workstation'])
    .default('auto')
    .describe(
      'auto: the host sends the image itself where it reaches Glance, else this workstation relays it',
    ),
  properties: z
    .record(z.string(), z.string())
    .default({})
    .describe('Glance properties that replace the derived ones'),
});

const server = z.strictObject({
  name: name('Name of the server'),
  flavor: z.string().min(1),
  network: z.string().min(1).optional().describe('Name or id; needed when the project sees several'),
  keypair: z.string().min(1).optional().describe('Name of a key pair known to Nova'),
  privateKey: z.string().min(1).optional().describe('Private key file that decrypts the generated password'),
  privateKeyPassphrase: secretRef.optional(),
  adminPass: secretRef
    .optional()
    .describe('A chosen password (admin_pass metadata); without it one is generated'),
});

const connect = z.strictObject({
  open: z.boolean().default(true).describe('Open the RDP client when the desktop answers'),
  client: z
    .enum(['auto', 'xfreerdp3', 'xfreerdp', 'sdl-freerdp', 'wfreerdp', 'mstsc', 'windows-app'])
    .default('auto'),
  user: z.string().min(1).default('Administrator'),
});

export const planSchema = z
  .strictObject({
    casement: z.literal(1).describe('Version of this format'),
    name: name('Name of the build'),
    windows: z.enum(WINDOWS_IDS).describe('Which Windows is installed'),
    host: hostSpec,
    media,
    disk,
    machine,
    cloud: cloudSource.optional(),
    image: image.optional(),
    server: server.optional(),
    connect: connect.optional(),
  })
  .superRefine((plan, context) => {
    const product = windowsProduct(plan.windows);
    if (!product.firmwares.includes(plan.machine.firmware))
      context.addIssue({
        code: 'custom',
        path: ['machine', 'firmware'],
        message: `${product.title} cannot start with ${plan.machine.firmware.toUpperCase()} firmware; use ${product.firmwares.join(' or ')}`,
      });
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
export type CloudSource = z.output<typeof cloudSource>;
export type MediaKind = keyof Plan['media'];
export type MachinePlan = Plan['machine'];

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
      accel: 'auto',
    },
  };
}
