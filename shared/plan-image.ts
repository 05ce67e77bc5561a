// The part of a plan about the image in Glance: who sees it, how it gets there, what stands on it.
import { z } from 'zod';
import { propertyProblem } from './image-meta.ts';

const line = (what: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}]*$/u, 'no control characters')
    .describe(what);

/** What an id of Keystone looks like. */
export const PROJECT_ID = /^[A-Za-z0-9-]{32,64}$/;

/** A project id: names are not unique, and Glance shares with ids only. */
const projectId = z
  .string()
  .trim()
  .regex(PROJECT_ID, 'write the id of the project (32 digits and letters), not its name');

const properties = z.record(z.string(), z.string()).superRefine((all, context) => {
  for (const [name, value] of Object.entries(all)) {
    const message = propertyProblem(name, value);
    if (message !== null) context.addIssue({ code: 'custom', path: [name], message });
  }
});

export const imageSchema = z
  .strictObject({
    name: line('Name of the Glance image'),
    visibility: z.enum(['private', 'shared', 'community', 'public']).default('private'),
    members: z
      .array(projectId)
      .max(128)
      .optional()
      .describe('Ids of the projects it is shared with (visibility shared); each must accept it'),
    protected: z.boolean().optional().describe('Nobody can delete the image until this is taken back'),
    tags: z
      .array(line('A tag').regex(/^[^,]*$/, 'no comma'))
      .max(64)
      .optional()
      .describe('Tags beside the one Casement sets'),
    replace: z
      .boolean()
      .optional()
      .describe(
        'An image of this name of the project gives it up to the new one: it is renamed with its date and hidden',
      ),
    upload: z
      .enum(['auto', 'host', 'workstation'])
      .default('auto')
      .describe(
        'auto: the host sends the image itself where it reaches Glance, else this workstation relays it',
      ),
    method: z
      .enum(['direct', 'glance-direct', 'web-download'])
      .optional()
      .describe(
        'direct (default), or an import where Glance offers it: glance-direct (staged, then imported) or web-download (Glance fetches "url")',
      ),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('web-download: where Glance itself finds the finished image file'),
    format: z
      .enum(['qcow2', 'raw'])
      .optional()
      .describe('qcow2, compressed (default), or raw for clouds that keep images in Ceph'),
    tpm: z
      .boolean()
      .optional()
      .describe('Every server gets a TPM 2.0; needs a cloud with emulated TPMs, on others none starts'),
    properties: properties.default({}).describe('Glance properties that replace the derived ones'),
    without: z.array(line('A property')).optional().describe('Derived properties to leave out'),
  })
  .superRefine(({ members, visibility, method, url }, context) => {
    const say = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (members?.length && visibility !== 'shared')
      say('members', 'only an image with visibility shared has members');
    if (method === 'web-download' && url === undefined)
      say('url', 'web-download needs the address where Glance finds the image file');
    if (method !== 'web-download' && url !== undefined)
      say('url', 'only the method web-download fetches from an address');
  });

export type ImagePlan = z.output<typeof imageSchema>;

/** Why `min_disk` or `min_ram` of the admin cannot be; null when they can. Nova would start no server, or a broken one. */
export function minimumProblem(image: Pick<ImagePlan, 'properties'>, diskGB: number): string | null {
  const wanted = image.properties.min_disk;
  if (wanted === undefined || Number(wanted) >= diskGB) return null;
  return `min_disk must be at least ${diskGB}: the disk inside the image has ${diskGB} GB`;
}
