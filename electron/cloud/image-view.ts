// What Glance tells about an image, read with suspicion: base fields by name, everything else is a property. Pure.
import { z } from 'zod';
import type { ImageView } from '../../shared/views.ts';

const imageBody = z.looseObject({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  visibility: z.string().default('private'),
  size: z.number().nullish(),
  virtual_size: z.number().nullish(),
  disk_format: z.string().nullish(),
  owner: z.string().nullish(),
  protected: z.boolean().default(false),
  os_hidden: z.boolean().default(false),
  min_disk: z.number().default(0),
  min_ram: z.number().default(0),
  created_at: z.string().default(''),
  os_hash_algo: z.string().nullish(),
  os_hash_value: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});

/** Fields of Glance's own that are no property of the admin's. Source: Glance's schema of an image (v2). */
const BASE = new Set([
  ...Object.keys(imageBody.shape),
  ...['checksum', 'container_format', 'direct_url', 'file', 'locations', 'schema', 'self', 'stores'],
  'updated_at',
]);

/** An image with what proves its content. */
export interface ImageDetail extends ImageView {
  readonly hashAlgo: string | null;
  readonly hash: string | null;
  /** Stores that a Glance import could not write to, comma separated; empty when none failed. */
  readonly failedImport: string;
  /** Whether an import works on it now. */
  readonly importing: boolean;
}

/** The image of an answer of Glance. Throws when it is none. */
export function imageDetail(answer: unknown): ImageDetail {
  const body = imageBody.parse(answer);
  const { os_glance_failed_import: failed, os_glance_import_task: task } = body;
  return {
    id: body.id,
    name: body.name ?? '',
    status: body.status,
    visibility: body.visibility,
    bytes: body.size ?? null,
    virtualBytes: body.virtual_size ?? null,
    format: body.disk_format ?? null,
    owner: body.owner ?? null,
    protected: body.protected,
    hidden: body.os_hidden,
    minDiskGB: body.min_disk,
    minRamMB: body.min_ram,
    createdAt: body.created_at,
    tags: body.tags,
    properties: propertiesOf(body),
    hashAlgo: body.os_hash_algo ?? null,
    hash: body.os_hash_value ?? null,
    failedImport: typeof failed === 'string' ? failed : '',
    importing: typeof task === 'string' && task !== '',
  };
}

function propertiesOf(body: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) =>
      typeof value === 'string' && !BASE.has(name) && !name.startsWith('os_glance_') ? [[name, value]] : [],
    ),
  );
}
