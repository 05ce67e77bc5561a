// Images: list, create, delete. Sending the bytes is upload.ts.
import { z } from 'zod';
import { CasementError } from '../../shared/errors.ts';
import type { ImageView } from '../../shared/views.ts';
import { serviceError } from './faults.ts';
import { parseJson } from './identity.ts';
import { allPages } from './paging.ts';
import type { Session } from './session.ts';
import type { ImageRequest } from './types.ts';

const imageBody = z.object({
  id: z.string(),
  name: z.string().nullish(),
  status: z.string(),
  visibility: z.string().default('private'),
  size: z.number().nullish(),
  min_disk: z.number().default(0),
  min_ram: z.number().default(0),
  created_at: z.string().default(''),
  os_hash_algo: z.string().nullish(),
  os_hash_value: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
type ImageBody = z.output<typeof imageBody>;

/** An image with what proves its content. */
export interface ImageDetail extends ImageView {
  readonly hashAlgo: string | null;
  readonly hash: string | null;
  readonly tags: readonly string[];
}

export class Glance {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /** Address of a path below `/v2`. */
  async url(path: string): Promise<string> {
    const base = await this.session.endpoint('image');
    return `${base.replace(/\/v[12](\.\d+)?$/, '')}/v2${path}`;
  }

  /** Images this project may use, newest first. */
  async list(query: Readonly<Record<string, string>> = {}): Promise<ImageDetail[]> {
    const url = await this.url('/images');
    const first = new URLSearchParams({ ...query, sort: 'created_at:desc', limit: '200' }).toString();
    const items = await allPages(
      async (page) => {
        const answer = await this.session.call({
          service: 'image',
          method: 'GET',
          url: `${url}?${page}`,
          doing: 'listing the images',
        });
        return (parseJson(answer.text) ?? {}) as Record<string, unknown>;
      },
      'images',
      first,
    );
    return items.map((item) => detail(imageBody.parse(item)));
  }

  /** One image; null when it does not exist. */
  async get(id: string): Promise<ImageDetail | null> {
    const answer = await this.session.call({
      service: 'image',
      method: 'GET',
      url: await this.url(`/images/${encodeURIComponent(id)}`),
      doing: 'looking at the image',
      allow: [404],
    });
    return answer.status === 404 ? null : detail(imageBody.parse(parseJson(answer.text)));
  }

  /** The usable or still empty image of a tag. */
  async byTag(tag: string): Promise<ImageDetail | null> {
    const found = await this.list({ tag });
    // A service or a proxy that ignores the filter answers with everybody's images, and this one may be deleted.
    const usable = found.filter(
      (image) => image.tags.includes(tag) && ['active', 'queued', 'saving'].includes(image.status),
    );
    return usable.find((image) => image.status === 'active') ?? usable[0] ?? null;
  }

  /** Makes an empty image. Throws `cloud.public-refused` where policy forbids the visibility; nothing is left then. */
  async create(request: ImageRequest, tag: string): Promise<ImageDetail> {
    const answer = await this.session.call({
      service: 'image',
      method: 'POST',
      url: await this.url('/images'),
      doing: `creating the image "${request.name}"`,
      json: {
        ...request.properties,
        name: request.name,
        visibility: request.visibility,
        disk_format: request.format,
        container_format: 'bare',
        min_disk: request.minDiskGB,
        min_ram: request.minRamMB,
        tags: [tag],
      },
      ...(request.visibility === 'public' || request.visibility === 'community' ? { allow: [403] } : {}),
    });
    if (answer.status === 403)
      throw /quota/i.test(answer.text)
        ? serviceError('image', 'creating the image', answer)
        : publicRefused(request.visibility);
    return detail(imageBody.parse(parseJson(answer.text)));
  }

  /** Deletes an image; none is fine too. */
  async remove(id: string): Promise<void> {
    await this.session.call({
      service: 'image',
      method: 'DELETE',
      url: await this.url(`/images/${encodeURIComponent(id)}`),
      doing: 'deleting the image',
      allow: [404],
    });
  }
}

function publicRefused(visibility: string): CasementError {
  return new CasementError({
    code: 'cloud.public-refused',
    title: `This account may not publish a ${visibility} image`,
    whatHappened: `The policy of Glance does not let this account create an image with visibility "${visibility}". Nothing was uploaded.`,
    whatToDo:
      'Choose visibility "private" or "shared", or ask the operator of the cloud to publish it later.',
  });
}

function detail(body: ImageBody): ImageDetail {
  return {
    id: body.id,
    name: body.name ?? '',
    status: body.status,
    visibility: body.visibility,
    bytes: body.size ?? null,
    minDiskGB: body.min_disk,
    minRamMB: body.min_ram,
    createdAt: body.created_at,
    hashAlgo: body.os_hash_algo ?? null,
    hash: body.os_hash_value ?? null,
    tags: body.tags,
  };
}
