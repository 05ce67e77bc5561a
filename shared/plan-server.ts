// The part of a plan that says which servers are launched from the image. A plan of one server needs a name, a flavor
// and a way to its password; everything else has a good default.
import { z } from 'zod';
import { secretRef } from './plan-host.ts';
import { titleOf } from './plan-parts.ts';

/** Most servers of one launch. */
export const MOST_SERVERS = 50;
/** Nova takes this many bytes of user data, as base64. */
export const MOST_USER_DATA = 65_535;
/** Longest key and value of metadata that Nova takes, in characters. */
const LONGEST_METADATA = 255;
/** Most tags that Nova keeps of a server; Casement needs two for itself. */
const MOST_TAGS = 48;

/** An IPv4 or IPv6 range such as 198.51.100.7/32. */
export const cidr = z
  .union([z.cidrv4(), z.cidrv6()], 'write an address range such as 198.51.100.7/32')
  .describe('Address range');

const securityGroup = z
  .union([
    z.string().min(1).describe('Name or id of a security group that exists'),
    z
      .strictObject({
        create: z.strictObject({
          from: cidr.describe('Who may reach Remote Desktop, such as 198.51.100.7/32'),
        }),
      })
      .describe('A new one that lets Remote Desktop in and nothing else'),
  ])
  .describe('What may reach the server; default: the group "default" of the project');

const floatingIp = z
  .union([
    z.enum(['auto', 'none']),
    z.strictObject({ pool: z.string().min(1).describe('External network, by name or id') }),
  ])
  .describe(
    'auto (default): one where a router joins the network to an external one; a free one of the project is used first',
  );

const volume = z.strictObject({
  sizeGB: z.number().int().min(1).max(16384),
  keep: z.boolean().optional().describe('Keep the volume when the server is deleted'),
});

const userData = z
  .union([
    z.string().min(1).describe('The text itself'),
    z.strictObject({ file: z.string().min(1).describe('A file of this workstation') }),
  ])
  .describe('What Cloudbase-Init runs at the first start: #cloud-config, #ps1_sysnative … Never a secret');

const tag = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^/,\p{Cc}]*$/u, 'no slash, no comma');

export const serverSpec = z
  .strictObject({
    name: titleOf('Name of the server; of several: the name and a number, as in web-1'),
    count: z.number().int().min(1).max(MOST_SERVERS).optional().describe('How many servers (default: 1)'),
    flavor: z.string().min(1),
    network: z.string().min(1).optional().describe('Name or id; needed when the project sees several'),
    networks: z
      .array(z.string().min(1))
      .min(1)
      .max(8)
      .optional()
      .describe('Several networks, the first is the main one'),
    keypair: z.string().min(1).optional().describe('Name of a key pair known to Nova'),
    privateKey: z
      .string()
      .min(1)
      .optional()
      .describe('Private key file that decrypts the generated password'),
    privateKeyPassphrase: secretRef.optional(),
    adminPass: secretRef
      .optional()
      .describe('A chosen password (admin_pass metadata); without it one is generated'),
    securityGroup: securityGroup.optional(),
    floatingIp: floatingIp.optional(),
    volume: volume
      .optional()
      .describe('Boot from a volume made of the image instead of the disk of the flavor'),
    zone: z.string().min(1).optional().describe('Availability zone'),
    configDrive: z.boolean().optional().describe('Attach the metadata as a CD too'),
    metadata: z
      .record(
        z
          .string()
          .max(LONGEST_METADATA)
          .regex(
            /^[A-Za-z0-9_.:-]([A-Za-z0-9_.: -]*[A-Za-z0-9_.:-])?$/,
            'letters, digits, spaces and _ - . :',
          ),
        z.string().max(LONGEST_METADATA),
      )
      .optional()
      .describe('Read by everybody in the project, and by Windows'),
    userData: userData.optional(),
    tags: z.array(tag).max(MOST_TAGS).optional(),
  })
  .superRefine((server, context) => {
    if (server.network !== undefined && server.networks !== undefined)
      context.addIssue({ code: 'custom', path: ['networks'], message: 'name either network or networks' });
    if (Object.keys(server.metadata ?? {}).some((key) => key.toLowerCase() === 'admin_pass'))
      context.addIssue({
        code: 'custom',
        path: ['metadata'],
        message: 'a password never stands in a plan: name it by adminPass',
      });
  });

export type ServerSpec = z.output<typeof serverSpec>;

/** The names of the servers: the name alone for one, `web-1`, `web-2` … for several. */
export function serverNames({ name, count = 1 }: Pick<ServerSpec, 'name' | 'count'>): string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
}

/** The networks of the servers by name or id; none when the plan leaves it to what there is. */
export function networksOf({
  network,
  networks,
}: Pick<ServerSpec, 'network' | 'networks'>): readonly string[] {
  return networks ?? (network === undefined ? [] : [network]);
}
