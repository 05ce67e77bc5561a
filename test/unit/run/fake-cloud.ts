// A Glance in memory for tests of the run: it notes what was asked of it, in order.
import type { Cloud, ImageChanges, ImageRequest } from '../../../electron/cloud/types.ts';
import { CasementError } from '../../../shared/errors.ts';
import type { ImageView } from '../../../shared/views.ts';

export interface FakeImage extends ImageView {
  readonly hash: string | null;
}

/** An error as the cloud throws it. */
export const fault = (code: string): CasementError =>
  new CasementError({ code, title: '', whatHappened: `it ended with ${code}`, whatToDo: '' });

/** An image with defaults. */
export const fakeImage = (more: Partial<FakeImage> & { readonly id: string }): FakeImage => ({
  name: 'Win',
  status: 'active',
  visibility: 'private',
  bytes: 1,
  virtualBytes: null,
  format: 'qcow2',
  owner: 'project',
  protected: false,
  hidden: false,
  minDiskGB: 40,
  minRamMB: 2048,
  createdAt: '2026-10-01T08:15:00Z',
  tags: [],
  properties: {},
  hash: null,
  ...more,
});

/** A cloud that holds `start`; `upload` may throw, else the image becomes active with `hash`. */
export function fakeCloud(
  start: readonly FakeImage[],
  options: { readonly hash?: string; readonly refuse?: string; readonly upload?: (id: string) => void } = {},
) {
  const did: string[] = [];
  const images = new Map(start.map((image) => [image.id, image]));
  const put = (id: string, change: Partial<FakeImage>): FakeImage => {
    const next = { ...(images.get(id) ?? fakeImage({ id })), ...change };
    images.set(id, next);
    return next;
  };
  let made = 0;
  const cloud = {
    checkMethod: async () => {},
    images: async () => [...images.values()].filter(({ hidden }) => !hidden),
    imageByTag: async (tag: string) => [...images.values()].find(({ tags }) => tags.includes(tag)) ?? null,
    image: async (id: string) => images.get(id) ?? null,
    async createImage({ name, visibility, properties }: ImageRequest, tag: string) {
      did.push('create');
      if (options.refuse) throw fault(options.refuse);
      made += 1;
      const id = made === 1 ? 'new' : `new${made}`;
      return put(id, { name, visibility, properties, status: 'queued', bytes: null, tags: [tag] });
    },
    async uploadImage({ image }: { image: string }) {
      did.push('upload');
      options.upload?.(image);
      put(image, { status: 'active', hash: options.hash ?? null });
    },
    async updateImage(id: string, { name, visibility, hidden, set, ...rest }: ImageChanges) {
      if (!images.has(id)) throw fault('cloud.image-gone');
      if (name !== undefined) did.push(`${id} is called ${name}`);
      if (hidden) did.push(`hide ${id}`);
      if (rest.protected) did.push(`protect ${id}`);
      const properties = { ...images.get(id)?.properties, ...set };
      const change = { name, visibility, hidden, protected: rest.protected };
      return put(id, {
        ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)),
        properties,
      });
    },
    async shareImage(id: string, projects: readonly string[]) {
      did.push(`share ${id}`);
      return projects.map((project) => ({ project, status: 'pending' as const }));
    },
    async deleteImage(id: string) {
      did.push(`delete ${id}`);
      images.delete(id);
    },
  };
  return { did, images, put, cloud: cloud as unknown as Cloud };
}
