// Sharing an image with other projects. Each must accept it before it appears in their lists.
import { z } from 'zod';
import { OFFER_STATES } from '../../shared/views-image.ts';
import type { Glance } from './glance.ts';
import { parseJson } from './identity.ts';
import type { ImageMember } from './types.ts';

const memberBody = z.object({ member_id: z.string(), status: z.enum(OFFER_STATES).catch('pending') });
const membersBody = z.object({ members: z.array(memberBody) });

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

/** What a project answered to an image that is offered to it; null where it is not. */
export async function memberStatus(
  glance: Glance,
  id: string,
  project: string,
): Promise<ImageMember['status'] | null> {
  const answer = await glance.session.call({
    service: 'image',
    method: 'GET',
    url: `${await membersUrl(glance, id)}/${encodeURIComponent(project)}`,
    doing: 'looking who the image is shared with',
    allow: [404],
  });
  return answer.status === 404 ? null : memberBody.parse(parseJson(answer.text)).status;
}

/** Where the projects stand that an image is shared with. */
export const membersUrl = (glance: Glance, id: string): Promise<string> =>
  glance.url(`/images/${encodeURIComponent(id)}/members`);
