// The image of the draft and of a plan, each made from the other. Pure.
import type { ImagePlan } from '../../shared/plan-image.ts';
import type { Draft } from './draft.ts';

/** Words of one line, as ids are typed: with commas, semicolons or spaces between them. */
export function wordsOf(line: string): string[] {
  return [...new Set(line.split(/[\s,;]+/).filter(Boolean))];
}

/** Tags may hold spaces: only commas part them. */
export function tagsOf(line: string): string[] {
  return [...new Set(line.split(',').map((tag) => tag.trim()))].filter(Boolean);
}

/** The plan's image, with what does not apply left out. */
export function imagePlanOf(image: Draft['image']): object {
  const { name, visibility, upload, format, properties, method } = image;
  const members = visibility === 'shared' ? wordsOf(image.members) : [];
  const tags = tagsOf(image.tags);
  return {
    ...{ name, visibility, upload, properties },
    ...(format === 'qcow2' ? {} : { format }),
    ...(members.length > 0 ? { members } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(image.without.length > 0 ? { without: image.without } : {}),
    ...(image.protected ? { protected: true } : {}),
    ...(image.replace ? { replace: true } : {}),
    ...(image.tpm ? { tpm: true } : {}),
    ...(method === 'direct' ? {} : { method }),
    ...(method === 'web-download' ? { url: image.url.trim() } : {}),
  };
}

/** The draft that shows a plan's image. */
export function imageDraft(image: ImagePlan): Draft['image'] {
  const { name, visibility, upload, properties } = image;
  return {
    ...{ name, visibility, upload, properties },
    format: image.format ?? 'qcow2',
    without: image.without ?? [],
    members: (image.members ?? []).join(', '),
    tags: (image.tags ?? []).join(', '),
    protected: image.protected ?? false,
    replace: image.replace ?? false,
    tpm: image.tpm ?? false,
    method: image.method ?? 'direct',
    url: image.url ?? '',
  };
}

/** Why the image of the draft cannot be published yet; null when it can. */
export function imageProblem(plan: {
  readonly problems: readonly { path: string; message: string }[] | null;
}): string | null {
  const problem = plan.problems?.find(({ path }) => path === 'image' || path.startsWith('image.'));
  return problem ? `${problem.message.charAt(0).toUpperCase()}${problem.message.slice(1)}.` : null;
}
