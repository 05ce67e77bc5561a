// Sharing an image with other projects. Each must accept it before it appears in their lists.
import { z } from 'zod';
import type { Glance } from './glance.ts';
import { parseJson } from './identity.ts';
import type { ImageMember } from './types.ts';

const membersBody = z.object({
  members: z.array(
    z.object({ member_id: z.string(), status: z.enum(['pending', 'accepted', 'rejected']).catch('pending') }),
  ),
});

/** The projects an image is offered to. */
export async function imageMembers(glance: Glance, id: string): Promise<ImageMember[]> {
  const answer = await glance.session.call({
    service: 'image',
    method: 'GET',
    url: await membersUrl(glance, id),
    doing: 'listing the projects the image is shared with',
  });
  const { members } = membersBody.parse(parseJson(answer.text));
  return members.map(({ member_id, status }) => ({ project: member_id, status }));
}

/** Offers a shared image to projects and gives all it is offered to. Glance does not check that a project exists. */
export async function shareImage(
  glance: Glance,
  id: string,
  projects: readonly string[],
): Promise<ImageMember[]> {
  for (const project of projects)
    await glance.session.call({
      service: 'image',
      method: 'POST',
      url: await membersUrl(glance, id),
      doing: `sharing the image with project ${project}`,
      json: { member: project },
      // It is offered to that project already.
      allow: [409],
    });
  return await imageMembers(glance, id);
}

const membersUrl = (glance: Glance, id: string): Promise<string> =>
  glance.url(`/images/${encodeURIComponent(id)}/members`);
