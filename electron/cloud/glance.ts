// Images: list, create, change, delete. Sending the bytes is upload.ts.
import { CasementError } from '../../shared/errors.ts';
import { serviceError } from './faults.ts';
import { parseJson } from './identity.ts';
import { imagePatch, PATCH_TYPE } from './image-changes.ts';
import { type ImageDetail, imageDetail } from './image-view.ts';
import { allPages } from './paging.ts';
import type { Session } from './session.ts';
import type { ImageChanges, ImageRequest } from './types.ts';

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
    return items.map(imageDetail);
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
    return answer.status === 404 ? null : imageDetail(parseJson(answer.text));
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
        tags: [tag, ...(request.tags ?? [])],
      },
      ...(request.visibility === 'public' || request.visibility === 'community' ? { allow: [403] } : {}),
    });
    if (answer.status === 403)
      throw /quota/i.test(answer.text)
        ? serviceError('image', 'creating the image', answer)
        : publicRefused(request.visibility);
    return imageDetail(parseJson(answer.text));
  }

  /**
   * Changes an image and gives what it is then; may be asked twice. Throws `cloud.image-gone`, or `cloud.public-refused`
   * where policy forbids the visibility.
   */
  async update(id: string, changes: ImageChanges): Promise<ImageDetail> {
    const before = await this.get(id);
    if (!before) throw imageGone();
    const operations = imagePatch(changes, before.properties);
    if (operations.length === 0) return before;
    const answer = await this.session.call({
      service: 'image',
      method: 'PATCH',
      url: await this.url(`/images/${encodeURIComponent(id)}`),
      doing: `changing the image "${before.name}"`,
      json: operations,
      headers: { 'content-type': PATCH_TYPE },
      allow: [403, 404],
    });
    if (answer.status === 404) throw imageGone();
    if (answer.status !== 403) return imageDetail(parseJson(answer.text));
    const { visibility } = changes;
    throw visibility === 'public' || visibility === 'community'
      ? publicRefused(visibility)
      : serviceError('image', `changing the image "${before.name}"`, answer);
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
    whatHappened: `The policy of Glance does not let this account give an image the visibility "${visibility}". Nothing was changed or uploaded.`,
    whatToDo:
      'Choose visibility "private" or "shared", or ask the operator of the cloud to publish it later.',
  });
}

/** The error of an image that is not there any more. */
export function imageGone(): CasementError {
  return new CasementError({
    code: 'cloud.image-gone',
    title: 'The image was deleted meanwhile',
    whatHappened: 'Glance no longer has the image that was to be used.',
    whatToDo: 'Publish again; a new image is made.',
  });
}
